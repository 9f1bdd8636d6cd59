import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, deliver, type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';
import { aCustomer, anItem, aPrice, aProduct, aSubscription, itemsOf } from './stripe-objects.ts';

let ingestion: Ingestion;
let connection: TestConnection;
let ours: { billgraph_project_id: string };
beforeAll(async () => {
  ingestion = await startIngestion();
  connection = await ingestion.newConnection({ projects: 2 });
  ours = { billgraph_project_id: connection.projectIds[0]! };
  const { objects } = ingestion.stripe;
  objects.set('cus_1', aCustomer('cus_1', { metadata: ours }));
  objects.set('prod_1', aProduct('prod_1', { metadata: ours }));
  for (const id of ['price_1', 'price_2']) objects.set(id, aPrice(id));
});
afterAll(() => ingestion.close());

let second = 1_790_000_000;

async function bring(type: string, object: object, fields: object = {}) {
  const event = anEvent(`customer.subscription.${type}`, object, { created: ++second, ...fields });
  await deliver(ingestion, connection, event);
  await ingestion.worker.idle();
  const [row] = await ingestion.rows('select outcome from inbound_event where event_id = $1', [event.id]);
  return row!.outcome;
}

async function subscriptionOf(id: string) {
  const [row] = await ingestion.rows(
    `select s.*, c.stripe_customer_id, p.stripe_price_id,
       extract(epoch from current_period_start)::int as starts, extract(epoch from current_period_end)::int as ends
     from subscription s join customer c on c.id = s.customer_id left join price p on p.id = s.price_id
     where stripe_subscription_id = $1`,
    [id],
  );
  return row;
}

const itemsIn = (id: string) =>
  ingestion.rows(
    `select stripe_subscription_item_id as id, stripe_price_id as price, i.quantity, i.project_id
     from subscription_item i join subscription s on s.id = i.subscription_id join price p on p.id = i.price_id
     where stripe_subscription_id = $1 order by stripe_subscription_item_id`,
    [id],
  );

it('brings a subscription of which nothing is known, after its customer, price and product', async () => {
  ingestion.stripe.asked.length = 0;
  const object = aSubscription('sub_new', { metadata: { seats: 'many', ...ours }, trial_start: 1, trial_end: 86_401 });
  expect(await bring('created', object)).toBe('applied');
  expect(await subscriptionOf('sub_new')).toMatchObject({
    id: expect.stringMatching(/^ps_/),
    project_id: ours.billgraph_project_id,
    environment: 'TEST',
    stripe_customer_id: 'cus_1',
    stripe_price_id: 'price_1',
    quantity: 1,
    status: 'ACTIVE',
    stripe_status: 'active',
    starts: 1_790_000_000,
    ends: 1_792_600_000,
    cancel_at_period_end: false,
    metadata: { seats: 'many' },
  });
  expect(await itemsIn('sub_new')).toEqual([
    { id: 'si_sub_new', price: 'price_1', quantity: 1, project_id: ours.billgraph_project_id },
  ]);
  expect([...ingestion.stripe.asked].sort()).toEqual(['cus_1', 'price_1', 'prod_1']);
});

it('asks Stripe for nothing where all is known', async () => {
  const asked = ingestion.stripe.asked.length;
  await bring('updated', aSubscription('sub_new', { status: 'past_due' }));
  await bring('deleted', aSubscription('sub_new', { status: 'canceled', ended_at: 1_790_000_500 }));
  expect(await subscriptionOf('sub_new')).toMatchObject({ status: 'CANCELED', stripe_status: 'canceled' });
  expect(ingestion.stripe.asked).toHaveLength(asked);
});

it('follows items that come, change and go, and spans all their periods', async () => {
  const one = anItem('si_1', 'price_1', { current_period_start: 100, current_period_end: 200 });
  const two = anItem('si_2', 'price_2', { quantity: undefined, current_period_start: 50, current_period_end: 150 });
  await bring('created', aSubscription('sub_items', { items: itemsOf(one, two) }));
  expect(await subscriptionOf('sub_items')).toMatchObject({ starts: 50, ends: 200, stripe_price_id: 'price_1' });
  expect(await itemsIn('sub_items')).toMatchObject([
    { id: 'si_1', quantity: 1 },
    { id: 'si_2', quantity: null },
  ]);
  const [{ id: kept }] = (await ingestion.rows(
    "select id from subscription_item where stripe_subscription_item_id = 'si_2'",
  )) as [{ id: string }];

  await bring(
    'updated',
    aSubscription('sub_items', { items: itemsOf({ ...two, price: aPrice('price_1'), quantity: 9 }) }),
  );
  expect(await itemsIn('sub_items')).toMatchObject([{ id: 'si_2', price: 'price_1', quantity: 9 }]);
  expect(await ingestion.rows('select id from subscription_item where id = $1', [kept])).toHaveLength(1);

  await bring('updated', aSubscription('sub_items', { items: itemsOf() }));
  expect(await itemsIn('sub_items')).toEqual([]);
  expect(await subscriptionOf('sub_items')).toMatchObject({ price_id: null, current_period_end: null });
});

it('pages through more items than an event holds', async () => {
  const items = Array.from({ length: 25 }, (_, n) => anItem(`si_${String(n).padStart(2, '0')}`, 'price_1'));
  const whole = aSubscription('sub_long', { items: itemsOf(...items) });
  ingestion.stripe.objects.set('sub_long', whole);
  await bring('created', { ...whole, items: { ...whole.items, data: items.slice(0, 10), has_more: true } });
  expect(await itemsIn('sub_long')).toHaveLength(25);
});

it('fetches what comes in a shape that nobody reads', async () => {
  const item = anItem('si_old', 'price_1', { current_period_start: undefined, current_period_end: undefined });
  const old = aSubscription('sub_old', { items: itemsOf(item), current_period_start: 1, current_period_end: 2 });
  ingestion.stripe.objects.set('sub_old', aSubscription('sub_old', { status: 'trialing' }));
  await bring('created', old, { api_version: '2020-08-27' });
  expect(await subscriptionOf('sub_old')).toMatchObject({ status: 'TRIALING', ends: 1_792_600_000 });
});

it('reads the period of the older shape, where Stripe answers in it', async () => {
  const item = anItem('si_oldest', 'price_1', { current_period_start: undefined, current_period_end: undefined });
  const fields = { items: itemsOf(item), current_period_start: 11, current_period_end: 22 };
  await bring('created', aSubscription('sub_oldest', fields));
  expect(await subscriptionOf('sub_oldest')).toMatchObject({ starts: 11, ends: 22 });
});

it('fetches an object of a test clock, whose seconds are not those of the wall', async () => {
  ingestion.stripe.objects.set('sub_clock', aSubscription('sub_clock', { status: 'paused', test_clock: 'clock_1' }));
  await bring('created', aSubscription('sub_clock', { test_clock: 'clock_1' }), { created: 2_000_000_000 });
  expect(await subscriptionOf('sub_clock')).toMatchObject({ status: 'PAUSED' });
});

it('takes a status that is newer than this server', async () => {
  await bring('updated', aSubscription('sub_status', { status: 'hibernating' }));
  expect(await subscriptionOf('sub_status')).toMatchObject({ status: 'UNKNOWN', stripe_status: 'hibernating' });
});

it('touches updated_at only where something changed', async () => {
  const object = aSubscription('sub_same');
  await bring('created', object);
  const before = await subscriptionOf('sub_same');
  await bring('updated', object);
  expect(await subscriptionOf('sub_same')).toMatchObject({
    updated_at: before!.updated_at,
    evidence: String(second),
  });
  await bring('updated', { ...object, cancel_at_period_end: true });
  expect((await subscriptionOf('sub_same'))!.updated_at).not.toEqual(before!.updated_at);
});

describe('a customer without a project', () => {
  it('leaves its subscriptions unrouted', async () => {
    ingestion.stripe.objects.set('cus_nobody', aCustomer('cus_nobody'));
    expect(await bring('created', aSubscription('sub_nobody', { customer: 'cus_nobody' }))).toBe('unrouted');
    expect(await subscriptionOf('sub_nobody')).toBeUndefined();
    expect(await ingestion.rows("select 1 from lane where key like '%sub_nobody'")).toEqual([]);
  });

  it('is taken in with a subscription that names one', async () => {
    ingestion.stripe.objects.set('cus_guest', aCustomer('cus_guest'));
    const there = { billgraph_project_id: connection.projectIds[1] };
    expect(await bring('created', aSubscription('sub_guest', { customer: 'cus_guest', metadata: there }))).toBe(
      'applied',
    );
    expect(await subscriptionOf('sub_guest')).toMatchObject({ project_id: connection.projectIds[1] });
  });

  it('and was deleted before anybody knew it: unrouted too', async () => {
    ingestion.stripe.objects.set('cus_ghost', { id: 'cus_ghost', object: 'customer', deleted: true });
    expect(await bring('deleted', aSubscription('sub_ghost', { customer: 'cus_ghost', metadata: ours }))).toBe(
      'unrouted',
    );
  });
});

it('takes a product of no project into that of the customer who bought it', async () => {
  ingestion.stripe.objects.set('prod_bare', aProduct('prod_bare'));
  ingestion.stripe.objects.set('price_bare', aPrice('price_bare', { product: 'prod_bare' }));
  expect(await bring('created', aSubscription('sub_bare', { items: itemsOf(anItem('si_bare', 'price_bare')) }))).toBe(
    'applied',
  );
  const [product] = await ingestion.rows("select project_id from product where stripe_product_id = 'prod_bare'");
  expect(product).toEqual({ project_id: ours.billgraph_project_id });
});

it('asks once for a customer whom many subscriptions bring', async () => {
  ingestion.stripe.objects.set('cus_many', aCustomer('cus_many', { metadata: ours }));
  const events = Array.from({ length: 32 }, (_, n) =>
    anEvent('customer.subscription.created', aSubscription(`sub_many_${n}`, { customer: 'cus_many' })),
  );
  await Promise.all(events.map((event) => deliver(ingestion, connection, event)));
  await ingestion.worker.idle();
  const [{ count }] = (await ingestion.rows(
    "select count(*)::int from subscription s join customer c on c.id = s.customer_id where stripe_customer_id = 'cus_many'",
  )) as [{ count: number }];
  expect(count).toBe(32);
  expect(ingestion.stripe.asked.filter((id) => id === 'cus_many').length).toBeLessThanOrEqual(3);
  const [{ deadlocks }] = (await ingestion.rows(
    'select deadlocks::int from pg_stat_database where datname = current_database()',
  )) as [{ deadlocks: number }];
  expect(deadlocks).toBe(0);
});

it.each([
  ['price', () => null],
  ['product', () => aPrice('price_lost', { product: 'prod_lost' })],
])(
  'leaves a subscription unrouted whose %s Stripe has no more, although its customer is known',
  async (_name, price) => {
    const lost = price();
    if (lost) ingestion.stripe.objects.set('price_lost', lost);
    const object = aSubscription('sub_lost', { items: itemsOf(anItem('si_lost', 'price_lost')) });
    expect(await bring('created', object)).toBe('unrouted');
    expect(await ingestion.rows("select 1 from lane where key like '%sub_lost'")).toEqual([]);
  },
);
