import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { behave, misbehave, silence } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let foreign: TestTenant;
let productId: string;
beforeAll(async () => {
  billgraph = await startBillgraph();
  [tenant, foreign] = await Promise.all([createTenant(billgraph), createTenant(billgraph)]);
  await silence(tenant);
  productId = await product(tenant);
});
afterAll(() => billgraph.close());

async function product({ apiKey }: TestTenant): Promise<string> {
  const document = 'mutation { createProduct(input: { name: "Pro" }) { product { id } } }';
  return (await ask(billgraph, apiKey, document)).data.createProduct.product.id;
}

const fields =
  'price { id active type currency unitAmount { amount } unitAmountDecimal recurring { interval intervalCount stripeMeterId } lookupKey nickname metadata stripePriceId product { id } }';
const mutate = (name: string, input: object, credential: string | null = tenant.apiKey) => {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  return ask(billgraph, credential, `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`, { input });
};
const create = async (input: object) => {
  const { data, errors } = await mutate('createPrice', { productId, currency: 'USD', unitAmount: 100, ...input });
  expect(errors).toBeUndefined();
  return data.createPrice.price;
};

describe('answers', () => {
  it.each([
    [{ unitAmount: 2900 }, { type: 'ONE_TIME', unitAmount: { amount: '2900' }, recurring: null }],
    [
      { unitAmount: null, unitAmountDecimal: '0.05' },
      { unitAmount: null, unitAmountDecimal: '0.05' },
    ],
    [
      { currency: 'JPY', unitAmount: 0 },
      { currency: 'JPY', unitAmount: { amount: '0' } },
    ],
    [
      { currency: 'KWD', unitAmount: 1230 },
      { currency: 'KWD', unitAmount: { amount: '1230' } },
    ],
    [{ recurring: { interval: 'DAY' } }, { recurring: { interval: 'DAY', intervalCount: 1, stripeMeterId: null } }],
    [{ recurring: { interval: 'MONTH', intervalCount: 3 } }, { recurring: { interval: 'MONTH', intervalCount: 3 } }],
    [{ recurring: { interval: 'YEAR', intervalCount: 3 } }, { type: 'RECURRING' }],
  ])('%j, without a webhook', async (input, expected) => {
    const price = await create(input);
    expect(price).toMatchObject({ ...expected, active: true, product: { id: productId } });
    const inStripe = await tenant.stripe.prices.retrieve(price.stripePriceId);
    expect(inStripe.metadata).toMatchObject({ billgraph_project_id: tenant.projectId });
  });

  it('a price of what a meter counts', async () => {
    const meter = await tenant.stripe.billing.meters.create({
      display_name: 'Calls',
      event_name: 'calls',
      default_aggregation: { formula: 'sum' },
    });
    const { recurring } = await create({ recurring: { interval: 'MONTH', stripeMeterId: meter.id } });
    expect(recurring).toEqual({ interval: 'MONTH', intervalCount: 1, stripeMeterId: meter.id });
  });

  it('a lookup key that moves: no two prices ever have it', async () => {
    const [first, second] = [await create({ lookupKey: 'pro' }), await create({})];
    expect(refusalsOf(await mutate('updatePrice', { priceId: second.id, lookupKey: 'pro' }))).toEqual([
      { code: 'CONFLICT', field: 'lookupKey' },
    ]);
    const moved = await mutate('updatePrice', { priceId: second.id, lookupKey: 'pro', transferLookupKey: true });
    expect(moved.data.updatePrice.price.lookupKey).toBe('pro');
    const { data } = await ask(billgraph, tenant.apiKey, '{ prices { nodes { id lookupKey } } }');
    expect(data.prices.nodes.filter(({ lookupKey }: { lookupKey: string }) => lookupKey === 'pro')).toEqual([
      { id: second.id, lookupKey: 'pro' },
    ]);
    expect(await tenant.stripe.prices.retrieve(first.stripePriceId)).toMatchObject({ lookup_key: null });
  });

  it('nickname and notes as they are now; archived, and taken up again', async () => {
    const { id: priceId, stripePriceId } = await create({ nickname: 'old', metadata: { a: '1' } });
    const changes = { nickname: null, metadata: { b: '2' } };
    const { data } = await mutate('updatePrice', { priceId, ...changes });
    expect(data.updatePrice.price).toMatchObject(changes);
    expect((await mutate('archivePrice', { priceId })).data.archivePrice.price.active).toBe(false);
    expect(await tenant.stripe.prices.retrieve(stripePriceId)).toMatchObject({ active: false, nickname: null });
    const again = await mutate('archivePrice', { priceId, reactivate: true });
    expect(again.data.archivePrice.price.active).toBe(true);
  });

  it("the same price where Stripe's answer was lost, and no second one", async () => {
    await misbehave(tenant, { kind: 'connection_lost_after', only: 'POST /v1/prices', next: 10 });
    const input = { productId, currency: 'USD', unitAmount: 777, idempotencyKey: 'lost' };
    const lost = await mutate('createPrice', input);
    expect(lost.errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
    await behave(tenant);
    const { data } = await mutate('createPrice', input);
    const inStripe = (await tenant.stripe.prices.list({ limit: 100 })).data.filter(
      (price) => price.unit_amount === 777,
    );
    expect(inStripe).toMatchObject([{ id: data.createPrice.price.stripePriceId }]);
  });
});

describe('refuses', () => {
  it.each([
    [{ unitAmount: -1 }, 'unitAmount'],
    [{ unitAmount: 100_000_000 }, 'unitAmount'],
    [{ unitAmountDecimal: '1' }, 'unitAmount'],
    [{ unitAmount: null }, 'unitAmount'],
    [{ unitAmount: null, unitAmountDecimal: '1e3' }, 'unitAmountDecimal'],
    [{ unitAmount: null, unitAmountDecimal: '0.0000000000001' }, 'unitAmountDecimal'],
    [{ currency: 'KWD', unitAmount: 1234 }, 'unitAmount'],
    [{ recurring: { interval: 'YEAR', intervalCount: 4 } }, 'recurring.intervalCount'],
    [{ recurring: { interval: 'DAY', intervalCount: 0 } }, 'recurring.intervalCount'],
    [{ lookupKey: 'x'.repeat(201) }, 'lookupKey'],
    [{ metadata: { billgraph_id: 'x' } }, 'metadata.billgraph_id'],
  ])('%j', async (change, field) => {
    const input = { productId, currency: 'USD', unitAmount: 100, ...change };
    expect(refusalsOf(await mutate('createPrice', input))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });

  it('to take a lookup key away', async () => {
    const { id: priceId } = await create({});
    expect(refusalsOf(await mutate('updatePrice', { priceId, lookupKey: null }))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'lookupKey' },
    ]);
  });

  it("another tenant's product and price, a random and a malformed id", async () => {
    const theirs = await product(foreign);
    for (const id of [theirs, 'pp_00000000000000000000000000', 'x'])
      expect(refusalsOf(await mutate('createPrice', { productId: id, currency: 'USD', unitAmount: 1 }))).toEqual([
        { code: 'NOT_FOUND', field: 'productId' },
      ]);
    const { id } = await create({});
    for (const name of ['updatePrice', 'archivePrice']) {
      expect(refusalsOf(await mutate(name, { priceId: id }, foreign.apiKey))).toEqual([
        { code: 'NOT_FOUND', field: 'priceId' },
      ]);
      expect(refusalsOf(await mutate(name, { priceId: 'x' }))).toEqual([{ code: 'NOT_FOUND', field: 'priceId' }]);
    }
  });
});

describe('is not allowed', () => {
  it.each([
    ['createPrice', { productId: 'x', currency: 'USD', unitAmount: 1 }],
    ['updatePrice', { priceId: 'x' }],
    ['archivePrice', { priceId: 'x' }],
  ])('%s without a credential, or the scope', async (name, input) => {
    expect(refusalsOf(await mutate(name, input, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['products:read'] });
    expect(refusalsOf(await mutate(name, input, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
