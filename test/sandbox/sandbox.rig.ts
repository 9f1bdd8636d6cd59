import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { onTestFinished } from 'vitest';
import { type SandboxOptions, startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { createDatabase } from '../rig/database.ts';

export async function startTestSandbox(options: Partial<SandboxOptions> = {}) {
  const database = options.databaseUrl ? undefined : await createDatabase({ empty: true });
  const sandbox = await startSandbox({ databaseUrl: database?.url ?? '', retrySchedule: [10, 20], ...options });
  return {
    ...sandbox,
    databaseUrl: options.databaseUrl ?? database!.url,
    async close() {
      await sandbox.close();
      await database?.drop();
    },
  };
}

/** A key of an account that nothing else uses. */
export function newKey(): string {
  return `sk_test_51${randomBytes(8).toString('hex')}Secret`;
}

export function stripeAt(url: string, key = newKey()): Stripe {
  const { hostname, port } = new URL(url);
  return new Stripe(key, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false });
}

/** The refusal of a call that must fail. */
export async function refusal(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  return call.then(
    () => {
      throw new Error('the call was expected to be refused');
    },
    (error: unknown) => {
      if (error instanceof Stripe.errors.StripeError) return error;
      throw error;
    },
  );
}

export interface Received {
  headers: NodeJS.Dict<string | string[]>;
  body: string;
  at: number;
}

/** An HTTP server that keeps what it is sent and answers what `answer` says: a status, or nothing at all. */
export async function startReceiver(answer: (received: Received, count: number) => number | undefined = () => 200) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const one = { headers: request.headers, body: Buffer.concat(chunks).toString(), at: performance.now() };
    received.push(one);
    const status = answer(one, received.length);
    if (status) response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(close);
  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    received,
    types: () => received.map(({ body }) => JSON.parse(body).type),
  };
}

/** Fills in the form of a checkout page. */
export function submitCheckout(url: string, fields: Record<string, string> = {}) {
  const filled = {
    email: 'ada@example.com',
    number: '4242 4242 4242 4242',
    expiry: '12 / 34',
    cvc: '123',
    action: 'pay',
    ...fields,
  };
  return fetch(url, { method: 'POST', body: new URLSearchParams(filled), redirect: 'manual' });
}

/** A product with a monthly price of $15. */
export async function makeMonthlyPrice(stripe: Stripe, price: Partial<Stripe.PriceCreateParams> = {}) {
  return stripe.prices.create({
    currency: 'usd',
    unit_amount: 1_500,
    recurring: { interval: 'month' },
    product_data: { name: 'Pro' },
    ...price,
  });
}

/** Calls the control API of an account: `ask('POST', '/faults', { kind: 'slow' })`. */
export function control(url: string, key: string) {
  return async (method: 'GET' | 'POST' | 'DELETE', path: string, fields: Record<string, string> = {}): Promise<any> => {
    const form = new URLSearchParams(fields);
    const query = method === 'GET' ? `?${form}` : '';
    const response = await fetch(`${url}/_sandbox${path}${query}`, {
      method,
      headers: { authorization: `Bearer ${key}` },
      body: method === 'POST' ? form : undefined,
    });
    return response.json();
  };
}
