import { createHmac } from 'node:crypto';
import pg from 'pg';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { control, newKey, type Received, refusal, startReceiver, startTestSandbox, stripeAt } from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

/** An account of its own, with its faults. */
function newAccount() {
  const key = newKey();
  return { key, stripe: stripeAt(sandbox.url, key), ask: control(sandbox.url, key) };
}

async function listen(stripe: Stripe, options: Partial<Stripe.WebhookEndpointCreateParams> = {}) {
  const receiver = await startReceiver();
  const endpoint = await stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['*'], ...options });
  return { ...receiver, endpoint, names: () => receiver.received.map(({ body }) => JSON.parse(body).data.object.name) };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const limit = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > limit) throw new Error('waited 10 s in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('webhooks', () => {
  it('come twice', async () => {
    const { stripe, ask } = newAccount();
    const { received } = await listen(stripe);
    await ask('POST', '/faults', { kind: 'webhook_duplicate', next: '1' });
    await stripe.customers.create();
    await stripe.customers.create();
    await sandbox.idle();
    const ids = received.map(({ body }) => JSON.parse(body).id);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(2);
  });

  it('never come, and stay listed as undelivered', async () => {
    const { stripe, ask } = newAccount();
    const { types } = await listen(stripe);
    await ask('POST', '/faults', { kind: 'webhook_drop', only: 'customer.*' });
    await stripe.customers.create();
    await stripe.products.create({ name: 'Pro' });
    await sandbox.idle();
    expect(types()).toEqual(['product.created']);
    const undelivered = await stripe.events.list({ delivery_success: false });
    expect(undelivered.data.map(({ type, pending_webhooks }) => [type, pending_webhooks])).toEqual([
      ['customer.created', 0],
    ]);
    const delivered = await stripe.events.list({ delivery_success: true });
    expect(delivered.data.map(({ type }) => type)).toEqual(['product.created']);
  });

  it('come late', async () => {
    const { stripe, ask } = newAccount();
    const { types } = await listen(stripe);
    await ask('POST', '/faults', { kind: 'webhook_delay', milliseconds: '600000' });
    await stripe.customers.create();
    await sandbox.idle();
    expect(types()).toEqual([]);
    const [waiting] = (await ask('GET', '/deliveries')).data;
    expect(waiting).toMatchObject({ state: 'pending', attempts: 0, faults: ['webhook_delay'] });
    expect(Date.parse(waiting.due) - Date.parse(waiting.created)).toBe(600_000);
  });

  it('come in another order, the same one for the same seed', async () => {
    const order = async () => {
      const { stripe, ask } = newAccount();
      await listen(stripe);
      await ask('POST', '/faults', { kind: 'webhook_shuffle', milliseconds: '600000', seed: 'tea' });
      for (const name of ['0', '1', '2', '3', '4', '5', '6', '7']) await stripe.customers.create({ name });
      const deliveries: { id: string; due: string; created: string }[] = (await ask('GET', '/deliveries')).data;
      const place = ({ due, created }: { due: string; created: string }) => Date.parse(due) - Date.parse(created);
      return deliveries.reverse().map(place);
    };
    const first = await order();
    expect(first).toHaveLength(8);
    expect(first).not.toEqual(first.toSorted((a, b) => a - b));
    const second = await order();
    for (const [index, place] of second.entries()) expect(Math.abs(place - first[index]!)).toBeLessThanOrEqual(1);
  });

  it('carry a timestamp that is too old to be believed', async () => {
    const { stripe, ask } = newAccount();
    const { received, endpoint } = await listen(stripe);
    await ask('POST', '/faults', { kind: 'webhook_stale_timestamp', next: '1' });
    await stripe.customers.create();
    await sandbox.idle();
    const [{ body, headers }] = received as [Received];
    const read = (tolerance: number) =>
      stripe.webhooks.constructEvent(body, headers['stripe-signature']!, endpoint.secret!, tolerance);
    expect(() => read(300)).toThrow('Timestamp outside the tolerance zone');
    expect(read(7_200).type).toBe('customer.created');
  });

  it('strike by chance, the same places for the same seed', async () => {
    const struck = async (seed: string) => {
      const { stripe, ask } = newAccount();
      await listen(stripe);
      await ask('POST', '/faults', { kind: 'webhook_drop', probability: '0.5', seed });
      for (let count = 0; count < 20; count++) await stripe.customers.create();
      return (await ask('GET', '/deliveries')).data.map(({ state }: { state: string }) => state === 'failed');
    };
    const tea = await struck('tea');
    expect(tea).toHaveLength(20);
    expect(tea).toContain(true);
    expect(tea).toContain(false);
    expect(await struck('tea')).toEqual(tea);
    expect(await struck('coffee')).not.toEqual(tea);
  });

  it('are signed twice while a secret is rolled, then once', async () => {
    const { stripe, ask } = newAccount();
    const { received, endpoint } = await listen(stripe);
    const rolled = await ask('POST', `/webhook_endpoints/${endpoint.id}/roll_secret`, { expires_in: '3600' });
    expect(rolled.secret).toMatch(/^whsec_/);
    expect(rolled.secret).not.toBe(endpoint.secret);
    await stripe.customers.create();
    await sandbox.idle();
    const [{ body, headers }] = received as [Received];
    const signature = String(headers['stripe-signature']);
    const time = /t=(\d+)/.exec(signature)![1];
    const sign = (secret: string) => createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
    expect(signature).toBe(`t=${time},v1=${sign(rolled.secret)},v1=${sign(endpoint.secret!)}`);
    for (const secret of [endpoint.secret!, rolled.secret]) stripe.webhooks.constructEvent(body, signature, secret);

    await ask('POST', `/webhook_endpoints/${endpoint.id}/roll_secret`, { expires_in: '0' });
    await stripe.customers.create();
    await sandbox.idle();
    expect(String(received[1]!.headers['stripe-signature']).match(/v1=/g)).toHaveLength(1);
  });

  it('are listed with their answers, and sent again on request', async () => {
    const { stripe, ask } = newAccount();
    const { received, endpoint } = await listen(stripe);
    await stripe.customers.create();
    await sandbox.idle();
    const [delivery] = (await ask('GET', '/deliveries', { state: 'delivered' })).data;
    expect(delivery).toMatchObject({
      object: 'sandbox.delivery',
      state: 'delivered',
      attempts: 1,
      answer: 'HTTP 200',
      type: 'customer.created',
      endpoint: endpoint.id,
    });
    await ask('POST', `/deliveries/${delivery.id}/replay`);
    await until(() => received.length === 2);
    expect(received[1]!.body).toContain(delivery.event);
    expect((await ask('GET', '/deliveries/0')).error.code).toBe('resource_missing');
    expect((await ask('GET', '/deliveries/nonsense')).error.code).toBe('resource_missing');
    expect((await newAccount().ask('GET', `/deliveries/${delivery.id}`)).error.code).toBe('resource_missing');
  });

  it("are sent again as Stripe's CLI asks for it", async () => {
    const { key, stripe } = newAccount();
    const { received, endpoint } = await listen(stripe);
    await stripe.customers.create();
    await sandbox.idle();
    const [event] = (await stripe.events.list()).data;
    const retry = (fields: Record<string, string>) =>
      fetch(`${sandbox.url}/v1/events/${event!.id}/retry`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body: new URLSearchParams(fields),
      });
    expect(await (await retry({ webhook_endpoint: endpoint.id })).json()).toMatchObject({ pending_webhooks: 1 });
    await until(() => received.length === 2);
    await retry({});
    await until(() => received.length === 3);
    expect((await retry({ webhook_endpoint: 'we_none' })).status).toBe(400);
    await until(async () => (await stripe.events.retrieve(event!.id)).pending_webhooks === 0);
  });

  it('are forgotten after thirty days', async () => {
    const { stripe } = newAccount();
    await stripe.customers.create({ name: 'old' });
    const [old] = (await stripe.events.list()).data;
    const db = new pg.Client(sandbox.databaseUrl);
    await db.connect();
    await db.query(`update sandbox.object set recorded = now() - interval '31 days' where id = $1`, [old!.id]);
    await db.end();
    await stripe.customers.create({ name: 'new' });
    expect((await stripe.events.list()).data).toHaveLength(1);
    expect((await refusal(stripe.events.retrieve(old!.id))).statusCode).toBe(404);
  });
});

describe('the API', () => {
  it('limits the rate, the next times only and on one path only', async () => {
    const { stripe, ask } = newAccount();
    await ask('POST', '/faults', { kind: 'rate_limit', next: '1', only: 'POST /v1/customers' });
    await stripe.customers.list();
    const error = await refusal(stripe.customers.create());
    expect(error).toMatchObject({ statusCode: 429, code: 'rate_limit', type: 'StripeRateLimitError' });
    expect(error.headers).toMatchObject({ 'stripe-rate-limited-reason': 'global-rate' });
    await stripe.customers.create();
    expect((await ask('GET', '/faults')).data[0]).toMatchObject({ remaining: 0, struck: 1 });
  });

  it('refuses, once, and has done nothing', async () => {
    const { stripe, ask } = newAccount();
    await ask('POST', '/faults', { kind: 'refusal', next: '1' });
    const create = () => stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'once' });
    expect(await refusal(create())).toMatchObject({ statusCode: 400, type: 'StripeInvalidRequestError' });
    const { id } = await create();
    expect((await stripe.customers.list()).data).toMatchObject([{ id }]);
  });

  it('times out on a lock, and the SDK tries again', async () => {
    const { key, stripe, ask } = newAccount();
    await ask('POST', '/faults', { kind: 'lock_timeout', next: '2' });
    expect(await refusal(stripe.customers.create())).toMatchObject({ statusCode: 429, code: 'lock_timeout' });
    const { hostname, port } = new URL(sandbox.url);
    const patient = new Stripe(key, { host: hostname, port, protocol: 'http', maxNetworkRetries: 1 });
    expect((await patient.customers.create()).object).toBe('customer');
  });

  it('fails, and says so again to the same idempotency key', async () => {
    const { stripe, ask } = newAccount();
    await ask('POST', '/faults', { kind: 'server_error', next: '1' });
    const create = () => stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'once' });
    expect(await refusal(create())).toMatchObject({ statusCode: 500, type: 'StripeAPIError' });
    const again = await refusal(create());
    expect(again).toMatchObject({ statusCode: 500 });
    expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true' });
    expect((await stripe.customers.list()).data).toEqual([]);
  });

  it('is away, and has done nothing', async () => {
    const { stripe, ask } = newAccount();
    await ask('POST', '/faults', { kind: 'unavailable', next: '1' });
    const create = () => stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'once' });
    expect((await refusal(create())).statusCode).toBe(503);
    expect((await create()).name).toBe('Ada');
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ])('loses the connection %s the work is done', async (when, done) => {
    const { stripe, ask } = newAccount();
    // Twice: the SDK itself tries once more on a connection that was cut.
    await ask('POST', '/faults', { kind: `connection_lost_${when}`, next: '2', only: '/v1/customers' });
    const create = () => stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'once' });
    expect((await refusal(create())).type).toBe('StripeConnectionError');
    expect((await stripe.customers.list()).data).toHaveLength(done);
    await create();
    expect((await stripe.customers.list()).data).toHaveLength(1);
  });

  it('answers late', async () => {
    const { key, ask } = newAccount();
    await ask('POST', '/faults', { kind: 'slow', milliseconds: '600000', only: '/v1/customers' });
    const headers = { authorization: `Bearer ${key}` };
    const impatient = fetch(`${sandbox.url}/v1/customers`, { headers, signal: AbortSignal.timeout(50) });
    await expect(impatient).rejects.toThrow('timeout');
    expect((await fetch(`${sandbox.url}/v1/products`, { headers })).status).toBe(200);
  });
});

describe('payments', () => {
  it('fail the next time, whatever the card', async () => {
    const { stripe, ask } = newAccount();
    await ask('POST', '/faults', { kind: 'payment_decline', next: '1' });
    const pay = () =>
      stripe.paymentIntents.create({
        amount: 1_500,
        currency: 'usd',
        payment_method: 'pm_card_visa',
        confirm: true,
        automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      });
    const error = await refusal(pay());
    expect(error).toMatchObject({ type: 'StripeCardError', code: 'card_declined', decline_code: 'generic_decline' });
    expect((await pay()).status).toBe('succeeded');
    expect((await stripe.charges.list()).data.map(({ status }) => status)).toEqual(['succeeded', 'failed']);
  });
});

describe('faults', () => {
  it('end when they are deleted', async () => {
    const { stripe, ask } = newAccount();
    const fault = await ask('POST', '/faults', { kind: 'unavailable' });
    expect((await refusal(stripe.customers.list())).statusCode).toBe(503);
    expect(await ask('DELETE', `/faults/${fault.id}`)).toMatchObject({ deleted: true });
    await stripe.customers.list();
    await ask('POST', '/faults', { kind: 'unavailable' });
    await ask('DELETE', '/faults');
    await stripe.customers.list();
  });

  it('strike as often as they should, however many ask at once', async () => {
    const { stripe, ask } = newAccount();
    await ask('POST', '/faults', { kind: 'unavailable', next: '5' });
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => stripe.customers.list()));
    expect(asked.filter(({ status }) => status === 'rejected')).toHaveLength(5);
  });

  it('strike one account only', async () => {
    await newAccount().ask('POST', '/faults', { kind: 'unavailable' });
    await newAccount().stripe.customers.list();
  });

  it.each([
    [{}, 'kind'],
    [{ kind: 'earthquake' }, 'kind'],
    [{ kind: 'slow', probability: '2' }, 'probability'],
    [{ kind: 'slow', next: '0' }, 'next'],
    [{ kind: 'slow', colour: 'red' }, 'colour'],
  ])('refuse %j', async (fields: Record<string, string>, param) => {
    expect((await newAccount().ask('POST', '/faults', fields)).error).toMatchObject({
      type: 'invalid_request_error',
      param,
    });
  });
});
