import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { App } from '../../src/app.ts';
import { CreateCheckoutSessionDocument, CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import { startAnother } from '../rig/another-server.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { type Answer, ask } from '../rig/graph.ts';

/** How often, and with which calls: set IDEMPOTENCY_ROUNDS=200 for the long run, IDEMPOTENCY_SEED to repeat one. */
const rounds = Number(process.env.IDEMPOTENCY_ROUNDS ?? 8);
const seed = process.env.IDEMPOTENCY_SEED ?? randomBytes(4).toString('hex');
const atOnce = 20;

let billgraph: Billgraph;
let other: { app: App; url: string };
let tenant: TestTenant;
beforeAll(async () => {
  const key = randomBytes(32);
  billgraph = await startBillgraph({ encryptionKeys: [key] });
  const { databaseUrl, sandbox } = billgraph;
  other = await startAnother({ databaseUrl, stripeApiUrl: sandbox.url, encryptionKey: key.toString('hex') });
  tenant = await createTenant(billgraph);
});
afterAll(async () => {
  await other.app.close();
  await billgraph.close();
});

/** As a client does: again where it is told to. */
async function until(call: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await call();
    const [error] = answer.errors ?? [];
    if (error?.extensions.code !== 'CONFLICT' || !error.extensions.retryable) return answer;
    expect(error.extensions.retryAfter).toBe(1);
  }
}

it(
  `${atOnce} calls at once with one key, on two servers, ${rounds} times: one object in Stripe, one answer (seed ${seed})`,
  async () => {
    for (let round = 0; round < rounds; round++) {
      const email = `${seed}-${round}@example.com`;
      const atBoth = (document: { toString(): string }, input: object) =>
        Promise.all(
          Array.from({ length: atOnce }, (_, at) =>
            until(() => ask(at % 2 ? other : billgraph, tenant.apiKey, document, { input })),
          ),
        );
      const made = await atBoth(CreateCustomerDocument, { email, idempotencyKey: `customer ${email}` });
      expect(new Set(made.map(({ data, errors }) => JSON.stringify(errors ?? data))).size).toBe(1);
      const { customer } = made[0]!.data.createCustomer;
      expect(await tenant.stripe.customers.list({ email })).toMatchObject({
        data: [{ id: customer.stripeCustomerId }],
      });

      const url = 'http://localhost:3000/';
      const session = { customerId: customer.id, mode: 'SETUP', successUrl: url, cancelUrl: url };
      const opened = await atBoth(CreateCheckoutSessionDocument, { ...session, idempotencyKey: `session ${email}` });
      expect(new Set(opened.map(({ data, errors }) => JSON.stringify(errors ?? data))).size).toBe(1);
      const sessions = await tenant.stripe.checkout.sessions.list({ customer: customer.stripeCustomerId });
      expect(sessions.data.map(({ id }) => id)).toEqual([opened[0]!.data.createCheckoutSession.sessionId]);
    }
  },
  30_000 + rounds * 10_000,
);
