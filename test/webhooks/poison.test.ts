import { afterAll, beforeAll, expect, it } from 'vitest';
import { mortalAttempts } from '../../src/lanes/lane-kind.ts';
import { wakeLanes } from '../../src/lanes/wake-lanes.ts';
import { anEvent, deliver, type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';
import { aCustomer, anItem, aPrice, aProduct, aSubscription, itemsOf } from './stripe-objects.ts';

let ingestion: Ingestion;
let connection: TestConnection;
beforeAll(async () => {
  ingestion = await startIngestion();
  connection = await ingestion.newConnection();
  const { objects } = ingestion.stripe;
  objects.set('cus_1', aCustomer('cus_1', { metadata: { billgraph_project_id: connection.projectIds[0] } }));
  objects.set('prod_1', aProduct('prod_1'));
  objects.set('price_1', aPrice('price_1'));
});
afterAll(() => ingestion.close());

let second = 1_790_000_000;
const aChange = (id: string, fields: object = {}) =>
  anEvent('customer.subscription.updated', aSubscription(id, { ...fields }), { created: ++second });

const statusOf = async (id: string) =>
  (await ingestion.rows('select stripe_status from subscription where stripe_subscription_id = $1', [id]))[0]
    ?.stripe_status;

const laneOf = async (id: string) =>
  (
    await ingestion.rows<{ attempts: number; last_error: string | null; dead: boolean }>(
      "select attempts, last_error, run_at = 'infinity' as dead from lane where key like '%/' || $1",
      [id],
    )
  )[0];

const outcomeOf = async ({ id }: { id: string }) =>
  (await ingestion.rows('select outcome from inbound_event where event_id = $1', [id]))[0]?.outcome;

/** What no row can hold, or no code can read. */
const poisons: [string, object][] = [
  ['a quantity beyond any integer', { items: itemsOf(anItem('si_p', 'price_1', { quantity: 9e15 })) }],
  ['U+0000 in its metadata', { metadata: { note: 'a\0b' } }],
  ['a time beyond any calendar', { ended_at: 9e17 }],
  ['no items at all', { items: undefined }],
];

it.each(poisons)('%s fails alone, and what arrives with it is applied', async (what, poison) => {
  const id = `sub_poison_${poisons.findIndex(([name]) => name === what)}`;
  const good = Array.from({ length: 10 }, (_, n) => `${id}_good_${n}`);
  const events = [
    ...good.slice(0, 5).map((id) => aChange(id)),
    aChange(id, poison),
    ...good.slice(5).map((id) => aChange(id)),
  ];
  await Promise.all(events.map((event) => deliver(ingestion, connection, event)));
  await ingestion.worker.idle();
  for (const id of good) expect(await statusOf(id)).toBe('active');
  await expect.poll(async () => (await laneOf(id))?.last_error).toBeTruthy();
  expect(await statusOf(id)).toBeUndefined();
});

it('makes an event dead that failed too often, with its lane, and takes the object up again with the next one', async () => {
  const dead = aChange('sub_dead', { items: itemsOf(anItem('si_d', 'price_1', { quantity: 9e15 })) });
  await deliver(ingestion, connection, dead);
  await expect.poll(async () => (await laneOf('sub_dead'))?.last_error).toBeTruthy();
  expect(await outcomeOf(dead)).toBe(null);
  await ingestion.rows("update lane set attempts = $1, run_at = now() where key like '%sub_dead' and owner is null", [
    mortalAttempts - 1,
  ]);
  await expect.poll(() => outcomeOf(dead)).toBe('dead');
  expect(await laneOf('sub_dead')).toMatchObject({ dead: true, last_error: expect.stringContaining('out of range') });

  const next = aChange('sub_dead');
  await deliver(ingestion, connection, next);
  await ingestion.worker.idle();
  expect(await statusOf('sub_dead')).toBe('active');
  expect(await outcomeOf(next)).toBe('applied');
  expect(await laneOf('sub_dead')).toBeUndefined();
});

it.each([
  ['is down', 500, { type: 'api_error', message: 'Something is wrong on our end' }],
  ['limits us', 429, { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests' }],
  ['refuses our key', 401, { type: 'invalid_request_error', message: 'Invalid API Key provided' }],
  ['denies our key a right', 403, { type: 'invalid_request_error', message: 'The key lacks rak_subscription_read' }],
])('waits, however long, while Stripe %s', async (_, status, error) => {
  const id = `sub_waits_${status}`;
  ingestion.stripe.instead.set(id, { status, error });
  ingestion.stripe.objects.set(id, aSubscription(id, { status: 'past_due' }));
  const event = anEvent('customer.subscription.updated', aSubscription(id), { api_version: '2020-08-27' });
  await deliver(ingestion, connection, event);
  await expect.poll(async () => (await laneOf(id))?.last_error, { timeout: 10_000 }).toContain(error.message);
  await ingestion.rows("update lane set attempts = 1000, run_at = now() where key like '%' || $1", [id]);
  await expect.poll(async () => (await laneOf(id))?.attempts, { timeout: 10_000 }).toBe(1001);
  await ingestion.worker.idle();
  expect(await laneOf(id)).toMatchObject({ dead: false });
  expect(await outcomeOf(event)).toBe(null);

  ingestion.stripe.instead.delete(id);
  await ingestion.rows("update lane set run_at = now() where key like '%' || $1", [id]);
  await ingestion.worker.idle();
  expect(await statusOf(id)).toBe('past_due');
});

it('fetches an object whose lane is woken without an event', async () => {
  ingestion.stripe.objects.set('sub_woken', aSubscription('sub_woken', { status: 'unpaid' }));
  await wakeLanes(ingestion.orm.em.fork(), [`stripe/${connection.id}/subscription/sub_woken`]);
  await ingestion.worker.idle();
  expect(await statusOf('sub_woken')).toBe('unpaid');
});

it('ends lanes that nobody can work any more', async () => {
  const keys = ['stripe/conn_gone/customer/cus_1', `stripe/${connection.id}/moon/moon_1`, 'stripe/', 'stripe/x'];
  await wakeLanes(ingestion.orm.em.fork(), keys);
  await ingestion.worker.idle();
  expect(await ingestion.rows('select key from lane where key = any($1)', [keys])).toEqual([]);
});
