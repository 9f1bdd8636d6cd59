import { afterAll, beforeAll, expect, it } from 'vitest';
import { anEvent, deliver, type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';
import { aCustomer, aPrice, aProduct } from './stripe-objects.ts';

let ingestion: Ingestion;
let connection: TestConnection;
beforeAll(async () => {
  ingestion = await startIngestion();
  connection = await ingestion.newConnection();
});
afterAll(() => ingestion.close());

/** No copy of a price suffices: Stripe is asked, and answers the same. */
async function bring(...events: ReturnType<typeof anEvent>[]) {
  for (const event of events) if (event.type.startsWith('price.')) ingestion.stripe.follow(event);
  await Promise.all(events.map((event) => deliver(ingestion, connection, event)));
  await ingestion.worker.idle();
}

async function productOf(id: string) {
  const [row] = await ingestion.rows('select * from product where stripe_product_id = $1', [id]);
  return row;
}

async function priceOf(id: string) {
  const [row] = await ingestion.rows(
    `select price.*, product.stripe_product_id from price join product on product.id = price.product_id
     where stripe_price_id = $1`,
    [id],
  );
  return row;
}

const outcomesOf = async (...events: { id: string }[]) =>
  (
    await ingestion.rows<{ outcome: string | null }>(
      'select outcome from inbound_event where event_id = any($1) order by seq',
      [events.map(({ id }) => id)],
    )
  ).map(({ outcome }) => outcome);

it('brings a product of an only project from its own event; its price by asking, since no copy shows all that it costs', async () => {
  const asked = ingestion.stripe.asked.length;
  const product = aProduct('prod_a', { description: 'Fine', metadata: { shelf: '3', billgraph_team_id: 'x' } });
  const price = aPrice('price_a', { product: 'prod_a', lookup_key: 'a', nickname: 'A' });
  const events = [anEvent('product.created', product), anEvent('price.created', price)];
  for (const event of events) await bring(event);
  const row = await productOf('prod_a');
  expect(row).toMatchObject({
    id: expect.stringMatching(/^pp_/),
    project_id: connection.projectIds[0],
    environment: 'TEST',
    name: 'Product prod_a',
    description: 'Fine',
    active: true,
    metadata: { shelf: '3' },
    evidence: '1790000000',
  });
  expect(new Date(String(row!.created_at)).getTime()).toBe(1_780_000_000_000);
  expect(await priceOf('price_a')).toMatchObject({
    id: expect.stringMatching(/^pri_/),
    stripe_product_id: 'prod_a',
    project_id: connection.projectIds[0],
    type: 'RECURRING',
    currency: 'USD',
    unit_amount: '1500',
    unit_amount_decimal: '1500.000000000000',
    recurring_interval: 'MONTH',
    recurring_interval_count: 1,
    lookup_key: 'a',
    nickname: 'A',
    active: true,
  });
  expect(await outcomesOf(...events)).toEqual(['applied', 'applied']);
  expect(ingestion.stripe.asked.slice(asked)).toEqual(['price_a']);
});

it('brings an unknown product before its price', async () => {
  ingestion.stripe.objects.set('prod_b', aProduct('prod_b'));
  await bring(anEvent('price.created', aPrice('price_b', { product: 'prod_b' })));
  expect(await priceOf('price_b')).toMatchObject({ stripe_product_id: 'prod_b' });
  expect(await productOf('prod_b')).toMatchObject({ name: 'Product prod_b' });
});

it('keeps amounts below a cent, tiers, and one-time prices apart', async () => {
  const fraction = aPrice('price_fraction', { unit_amount: null, unit_amount_decimal: '0.000000000001' });
  const tiers = aPrice('price_tiers', { unit_amount: null, unit_amount_decimal: null, billing_scheme: 'tiered' });
  const oneTime = aPrice('price_once', { type: 'one_time', recurring: null, currency: 'jpy', unit_amount: 9e11 });
  ingestion.stripe.objects.set('prod_1', aProduct('prod_1'));
  await bring(...[fraction, tiers, oneTime].map((price) => anEvent('price.created', price)));
  expect(await priceOf('price_fraction')).toMatchObject({ unit_amount: null, unit_amount_decimal: '0.000000000001' });
  expect(await priceOf('price_tiers')).toMatchObject({ unit_amount: null, unit_amount_decimal: null });
  expect(await priceOf('price_once')).toMatchObject({
    type: 'ONE_TIME',
    currency: 'JPY',
    unit_amount: '900000000000',
    recurring_interval: null,
    recurring_interval_count: null,
  });
});

it('reads a fetched price as it reads one of an event', async () => {
  const price = aPrice('price_fetched', { product: 'prod_1', unit_amount: null, unit_amount_decimal: '12.5' });
  ingestion.stripe.objects.set('prod_1', aProduct('prod_1'));
  ingestion.stripe.objects.set('price_fetched', price);
  await bring(anEvent('price.created', price, { api_version: '2020-08-27' }));
  expect(ingestion.stripe.asked).toContain('price_fetched');
  expect(await priceOf('price_fetched')).toMatchObject({ unit_amount_decimal: '12.500000000000' });
});

it.each([['product'], ['price']])('archives a %s that Stripe deleted, by its event or by asking', async (noun) => {
  const make = noun === 'product' ? aProduct : aPrice;
  const find = noun === 'product' ? productOf : priceOf;
  ingestion.stripe.objects.set('prod_1', aProduct('prod_1'));
  for (const api_version of [undefined, '2020-08-27']) {
    const id = `${noun}_gone_${api_version ?? 'now'}`;
    const object = make(id);
    await bring(anEvent(`${noun}.created`, object));
    expect(await find(id)).toMatchObject({ active: true });
    const fields = { created: 1_790_000_100, ...(api_version && { api_version }) };
    await bring(anEvent(`${noun}.deleted`, object, fields));
    expect(await find(id)).toMatchObject({ active: false });
  }
  const never = anEvent(`${noun}.deleted`, make(`${noun}_never_seen`));
  await bring(never);
  expect(await find(`${noun}_never_seen`)).toBeUndefined();
  expect(await outcomesOf(never)).toEqual(['ignored']);
});

it('in a team with two projects, takes a product in by its metadata, and leaves others unrouted', async () => {
  const team = await ingestion.newConnection({ projects: 2 });
  const named = aProduct('prod_named', { metadata: { billgraph_project_id: team.projectIds[1] } });
  const foreign = aProduct('prod_foreign', { metadata: { billgraph_project_id: connection.projectIds[0] } });
  const bare = aProduct('prod_bare');
  ingestion.stripe.objects.set('prod_bare', bare);
  const price = aPrice('price_bare', { product: 'prod_bare' });
  const events = [
    ...[named, foreign, bare].map((product) => anEvent('product.created', product)),
    anEvent('price.created', price),
  ];
  ingestion.stripe.objects.set('price_bare', price);
  for (const event of events) await deliver(ingestion, team, event);
  await ingestion.worker.idle();
  expect(await productOf('prod_named')).toMatchObject({ project_id: team.projectIds[1] });
  expect(await productOf('prod_foreign')).toBeUndefined();
  expect(await priceOf('price_bare')).toBeUndefined();
  expect(await outcomesOf(...events)).toEqual(['applied', 'unrouted', 'unrouted', 'unrouted']);
});

it('never moves a row to another project, whatever the metadata says later', async () => {
  const team = await ingestion.newConnection({ projects: 2 });
  for (const [n, project] of team.projectIds.entries()) {
    const product = aProduct('prod_moving', { metadata: { billgraph_project_id: project }, name: `Name ${n}` });
    await deliver(ingestion, team, anEvent('product.updated', product, { created: 1_790_000_000 + n }));
    await ingestion.worker.idle();
  }
  expect(await productOf('prod_moving')).toMatchObject({ project_id: team.projectIds[0], name: 'Name 1' });
});

it('moves updated_at of products, prices and customers only where something else than the evidence is new', async () => {
  const metadata = { billgraph_project_id: connection.projectIds[0] };
  const objects = {
    product: [aProduct('prod_same'), aProduct('prod_same', { name: 'Other' })],
    price: [
      aPrice('price_same', { product: 'prod_same' }),
      aPrice('price_same', { product: 'prod_same', active: false }),
    ],
    customer: [aCustomer('cus_same', { metadata }), aCustomer('cus_same', { metadata, name: 'Other' })],
  };
  for (const [type, [same, other]] of Object.entries(objects)) {
    const rowOf = async () => {
      const row = `select updated_at, evidence::int from ${type} where stripe_${type}_id = $1`;
      return (await ingestion.rows<{ updated_at: string; evidence: number }>(row, [same!.id]))[0]!;
    };
    await bring(anEvent(`${type}.created`, same!, { created: 1_790_000_000 }));
    const before = await rowOf();
    await bring(anEvent(`${type}.updated`, same!, { created: 1_790_000_100 }));
    expect(await rowOf()).toEqual({ updated_at: before.updated_at, evidence: 1_790_000_100 });
    await bring(anEvent(`${type}.updated`, other!, { created: 1_790_000_200 }));
    expect((await rowOf()).updated_at).not.toEqual(before.updated_at);
  }
});
