import Stripe from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newKey, refusal, startReceiver, startTestSandbox, stripeAt } from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const limit = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > limit) throw new Error('waited 10 s in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

it('shows the secret once, and pins the version', async () => {
  const stripe = stripeAt(sandbox.url);
  const endpoint = await stripe.webhookEndpoints.create({
    url: 'https://x.test/hook',
    enabled_events: ['invoice.paid'],
    api_version: Stripe.API_VERSION,
    metadata: { a: '1' },
  });
  expect(endpoint).toMatchObject({
    status: 'enabled',
    api_version: Stripe.API_VERSION,
    secret: expect.stringMatching(/^whsec_\w{32}$/),
  });
  expect(await stripe.webhookEndpoints.retrieve(endpoint.id)).not.toHaveProperty('secret');
  expect((await stripe.webhookEndpoints.list()).data[0]).not.toHaveProperty('secret');
  await stripe.webhookEndpoints.del(endpoint.id);
  expect((await refusal(stripe.webhookEndpoints.retrieve(endpoint.id))).statusCode).toBe(404);
});

it('sends what was asked for, signed over the exact bytes', async () => {
  const stripe = stripeAt(sandbox.url);
  const receiver = await startReceiver();
  const { secret } = await stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['product.created'] });
  await stripe.customers.create({ name: 'Ünïcödé 🎉' });
  const product = await stripe.products.create({ name: 'Prö 🎉' });
  await sandbox.idle();
  expect(receiver.types()).toEqual(['product.created']);
  const [{ body, headers }] = receiver.received as [(typeof receiver.received)[0]];
  const event = stripe.webhooks.constructEvent(body, headers['stripe-signature']!, secret!);
  expect(event).toMatchObject({
    pending_webhooks: 1,
    request: { id: expect.stringMatching(/^req_/) },
    data: { object: { id: product.id } },
  });
  expect(() => stripe.webhooks.constructEvent(body, headers['stripe-signature']!, 'whsec_other')).toThrow();
  expect(await stripe.events.retrieve(event.id)).toMatchObject({ pending_webhooks: 0 });
});

it('tries again on the schedule, with a new signature, until it is taken', async () => {
  const stripe = stripeAt(sandbox.url);
  const receiver = await startReceiver((_received, count) => [500, 302, 200][count - 1] ?? 200);
  await stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['customer.created'] });
  await stripe.customers.create();
  await until(() => receiver.received.length === 3);
  expect(new Set(receiver.received.map(({ body }) => JSON.parse(body).id)).size).toBe(1);
});

it('gives up after the last attempt', async () => {
  const stripe = stripeAt(sandbox.url);
  const receiver = await startReceiver(() => 503);
  await stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['customer.created'] });
  await stripe.customers.create();
  const pending = async () => (await stripe.events.list({ type: 'customer.created' })).data[0]!.pending_webhooks;
  await until(async () => (await pending()) === 0);
  expect(receiver.received).toHaveLength(3);
});

it('does not let a silent endpoint hold up the others', async () => {
  const stripe = stripeAt(sandbox.url);
  const silent = await startReceiver(() => undefined);
  const prompt = await startReceiver();
  await stripe.webhookEndpoints.create({ url: silent.url, enabled_events: ['customer.created'] });
  await stripe.webhookEndpoints.create({ url: prompt.url, enabled_events: ['customer.created'] });
  for (let count = 0; count < 30; count++) await stripe.customers.create();
  await until(() => prompt.received.length === 30);
  expect(silent.received.length).toBeGreaterThan(0);
});

it('sends nothing to an endpoint that is disabled or deleted', async () => {
  const stripe = stripeAt(sandbox.url);
  const receiver = await startReceiver();
  const endpoint = await stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['*'] });
  expect((await stripe.webhookEndpoints.update(endpoint.id, { disabled: true })).status).toBe('disabled');
  await stripe.customers.create();
  await stripe.webhookEndpoints.update(endpoint.id, { disabled: false, enabled_events: ['product.created'] });
  await stripe.customers.create();
  await stripe.webhookEndpoints.del(endpoint.id);
  await stripe.products.create({ name: 'Pro' });
  await sandbox.idle();
  expect(receiver.received).toEqual([]);
});

it('delivers after a restart what was not taken before', async () => {
  const key = newKey();
  const first = await startTestSandbox({ databaseUrl: sandbox.databaseUrl, retrySchedule: [3_600_000] });
  const receiver = await startReceiver(() => undefined);
  const stripe = stripeAt(first.url, key);
  const endpoint = await stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['customer.created'] });
  await stripe.customers.create();
  await until(() => receiver.received.length === 1);
  await first.close();

  const second = await startTestSandbox({ databaseUrl: sandbox.databaseUrl });
  const reached = await startReceiver();
  await stripeAt(second.url, key).webhookEndpoints.update(endpoint.id, { url: reached.url });
  await until(() => receiver.received.length + reached.received.length >= 2);
  await second.close();
});
