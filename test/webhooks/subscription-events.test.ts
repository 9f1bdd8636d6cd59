import { afterAll, beforeAll, expect, it } from 'vitest';
import { addUp, eventsOf } from './billing-events.rig.ts';
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
  for (const id of ['price_1', 'price_2']) objects.set(id, aPrice(id));
});
afterAll(() => ingestion.close());

let second = 1_790_000_000;

async function bring(object: ReturnType<typeof aSubscription>) {
  const event = anEvent('customer.subscription.updated', object, { created: ++second });
  await deliver(ingestion, connection, event);
  await ingestion.worker.idle();
  const [row] = await ingestion.rows('select * from subscription where stripe_subscription_id = $1', [object.id]);
  return { row: row!, events: await eventsOf(ingestion, row!.id as string) };
}

const last = <Value>(values: Value[]) => values.at(-1)!;

it('tells of a first row, with everything', async () => {
  const { row, events } = await bring(aSubscription('sub_first', { metadata: { seats: '3' } }));
  const [price] = await ingestion.rows("select id from price where stripe_price_id = 'price_1'");
  expect(events).toEqual([
    {
      type: 'subscription.created',
      business_key: `subscription.created/${row.id}`,
      before: null,
      after: expect.objectContaining({
        status: 'ACTIVE',
        price: price!.id,
        quantity: 1,
        currentPeriodEnd: new Date(1_792_600_000_000).toISOString(),
        endedAt: null,
        metadata: { seats: '3' },
        items: [expect.objectContaining({ stripeSubscriptionItemId: 'si_sub_first', price: price!.id, quantity: 1 })],
      }),
      occurred: 1_780_000_000,
    },
  ]);
  expect(row.revision).toBe(1);
});

it.each([
  ['status', { status: 'past_due' }, { status: 'PAST_DUE', stripeStatus: 'past_due' }],
  ['status', { status: 'new_here' }, { status: 'UNKNOWN', stripeStatus: 'new_here' }],
  ['end', { cancel_at_period_end: true }, { cancelAtPeriodEnd: true }],
  ['end', { cancel_at: 1_791_000_000 }, { cancelAt: '2026-10-03T04:00:00.000Z' }],
  ['trial', { trial_end: 1_791_000_000 }, { trialEnd: '2026-10-03T04:00:00.000Z' }],
  [
    'pause',
    { pause_collection: { behavior: 'keep_as_draft', resumes_at: 1_791_000_000 } },
    { pauseBehavior: 'KEEP_AS_DRAFT', pauseResumesAt: '2026-10-03T04:00:00.000Z' },
  ],
  ['notes', { metadata: { plan: 'gold' } }, { metadata: { plan: 'gold' } }],
])('tells of a change of its %s, and of nothing else', async (_, fields, after) => {
  const id = `sub_${second}`;
  const { events: first } = await bring(aSubscription(id));
  const { row, events } = await bring(aSubscription(id, fields));
  const before = Object.fromEntries(Object.keys(after).map((name) => [name, first[0]!.after[name]]));
  expect(events).toHaveLength(2);
  expect(last(events)).toEqual({
    type: 'subscription.updated',
    business_key: `subscription.updated/${row.id}/2`,
    before,
    after,
    occurred: second,
  });
  expect(row.revision).toBe(2);
});

it('tells of items that come, change and go', async () => {
  const [one, two] = [anItem('si_b', 'price_1'), anItem('si_a', 'price_2', { quantity: 5 })];
  await bring(aSubscription('sub_items', { items: itemsOf(one) }));
  await bring(aSubscription('sub_items', { items: itemsOf(one, two) }));
  await bring(aSubscription('sub_items', { items: itemsOf(one, { ...two, quantity: 6 }) }));
  const { row, events } = await bring(aSubscription('sub_items', { items: itemsOf({ ...two, quantity: 6 }) }));
  expect(row.revision).toBe(4);
  const itemsIn = (facts: Record<string, unknown>) =>
    (facts.items as { stripeSubscriptionItemId: string; quantity: number }[]).map(
      (item) => `${item.stripeSubscriptionItemId} ${item.quantity}`,
    );
  expect(events.map(({ after }) => itemsIn(after))).toEqual([
    ['si_b 1'],
    ['si_a 5', 'si_b 1'],
    ['si_a 6', 'si_b 1'],
    ['si_a 6'],
  ]);
  expect(Object.keys(events[2]!.after)).toEqual(['items']);
  expect(addUp(events)).toMatchObject({ quantity: 6 });
});

it('tells of nothing where nothing changed', async () => {
  await bring(aSubscription('sub_same'));
  const { row, events } = await bring(aSubscription('sub_same', { latest_invoice: 'in_1' }));
  expect(events).toHaveLength(1);
  expect(row.revision).toBe(1);
});

it('tells of an end once, also where more changes after it', async () => {
  await bring(aSubscription('sub_over'));
  const over = { status: 'canceled', ended_at: 1_790_000_500, canceled_at: 1_790_000_400 };
  await bring(aSubscription('sub_over', over));
  const { row, events } = await bring(aSubscription('sub_over', { ...over, metadata: { why: 'too dear' } }));
  expect(events.map(({ business_key }) => business_key)).toEqual([
    `subscription.created/${row.id}`,
    `subscription.updated/${row.id}/2`,
    `subscription.ended/${row.id}`,
    `subscription.updated/${row.id}/3`,
  ]);
  expect(events[2]).toMatchObject({
    before: { status: 'ACTIVE', endedAt: null },
    after: { status: 'CANCELED', endedAt: new Date(1_790_000_500_000).toISOString() },
    occurred: 1_790_000_500,
  });
});

it.each(['canceled', 'incomplete_expired'])('tells of the end of one that is first seen %s', async (status) => {
  const { events } = await bring(aSubscription(`sub_${status}`, { status, ended_at: 1_790_000_100 }));
  expect(events.map(({ type, occurred }) => [type, occurred])).toEqual([
    ['subscription.created', 1_780_000_000],
    ['subscription.ended', 1_790_000_100],
  ]);
});
