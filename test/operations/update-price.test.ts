import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { catalogOf } from '../rig/catalog.ts';
import { behave, misbehave, silence } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let catalog: ReturnType<typeof catalogOf>;
let productId: string;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  await silence(tenant);
  catalog = catalogOf(billgraph, tenant);
  productId = (await catalog.newProduct()).id;
});
afterAll(() => billgraph.close());

const tiers = [{ upTo: 10, unitAmount: 100 }, { unitAmount: 90 }];

describe('answers', () => {
  it('nickname and notes as they are now', async () => {
    const { id: priceId, stripePriceId } = await catalog.newPrice(productId, { nickname: 'old', metadata: { a: '1' } });
    const changes = { nickname: null, metadata: { b: '2' } };
    expect(await catalog.made('updatePrice', { priceId, ...changes })).toMatchObject(changes);
    const { nickname, metadata } = await tenant.stripe.prices.retrieve(stripePriceId);
    expect({ nickname, metadata }).toMatchObject({ nickname: null, metadata: { b: '2' } });
    expect(metadata).not.toHaveProperty('a');
  });

  it('a lookup key that moves: no two prices ever have it', async () => {
    const [first, second] = [
      await catalog.newPrice(productId, { lookupKey: 'pro' }),
      await catalog.newPrice(productId, {}),
    ];
    const move = { priceId: second.id, lookupKey: 'pro' };
    expect(refusalsOf(await catalog.mutate('updatePrice', move))).toEqual([{ code: 'CONFLICT', field: 'lookupKey' }]);
    const moved = await catalog.made('updatePrice', { ...move, transferLookupKey: true });
    expect(moved.lookupKey).toBe('pro');
    const { data } = await ask(billgraph, tenant.apiKey, '{ prices { nodes { id lookupKey } } }');
    expect(data.prices.nodes.filter(({ lookupKey }: { lookupKey: string }) => lookupKey === 'pro')).toEqual([
      { id: second.id, lookupKey: 'pro' },
    ]);
    expect(await tenant.stripe.prices.retrieve(first.stripePriceId)).toMatchObject({ lookup_key: null });
  });

  it('currencies that are added, changed and taken away; what is left out stays', async () => {
    const { id: priceId } = await catalog.newPrice(productId, {
      currencyOptions: [
        { currency: 'EUR', unitAmount: 90 },
        { currency: 'GBP', unitAmount: 80 },
      ],
    });
    const change = async (input: object) => {
      const { currencyOptions } = await catalog.made('updatePrice', { priceId, ...input });
      return currencyOptions.map((option: any) => [option.currency, option.unitAmountDecimal]);
    };
    const currencyOptions = [
      { currency: 'CHF', unitAmount: 95 },
      { currency: 'EUR', unitAmountDecimal: '88.5' },
    ];
    expect(await change({ currencyOptions })).toEqual([
      ['CHF', '95'],
      ['EUR', '88.5'],
      ['GBP', '80'],
    ]);
    expect(await change({ nickname: 'Same' })).toHaveLength(3);
    expect(await change({ currencyOptions: null })).toEqual([]);
  });

  it('tiers in another currency, those of the others too', async () => {
    const tiered = { unitAmount: null, billingScheme: 'TIERED', tiersMode: 'VOLUME', tiers };
    const { id: priceId } = await catalog.newPrice(productId, {
      ...tiered,
      currencyOptions: [{ currency: 'EUR', tiers }],
    });
    const changed = await catalog.made('updatePrice', { priceId, currencyOptions: [{ currency: 'GBP', tiers }] });
    expect(changed).toMatchObject({
      tiers: [{ upTo: '10' }, { upTo: null }],
      currencyOptions: [
        { currency: 'EUR', tiers: [{ unitAmount: { amount: '100', currency: 'EUR' } }, { upTo: null }] },
        { currency: 'GBP', tiers: [{ unitAmount: { amount: '100', currency: 'GBP' } }, { upTo: null }] },
      ],
    });
    const input = { priceId, currencyOptions: [{ currency: 'CHF', unitAmount: 1 }] };
    expect(refusalsOf(await catalog.mutate('updatePrice', input))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'currencyOptions.0.unitAmount' },
    ]);
  });
});

it('leaves a price the key that it was given since, however late the answer to a call for another one comes', async () => {
  const [first, second] = [await catalog.newPrice(productId, { lookupKey: 'late' }), await catalog.newPrice(productId)];
  const named = { priceId: first.id, nickname: 'Late', idempotencyKey: 'late' };
  await misbehave(tenant, { kind: 'connection_lost_after', only: 'POST /v1/prices/*', next: 4 });
  expect(refusalsOf(await catalog.mutate('updatePrice', named))).toMatchObject([{ code: 'STRIPE_ERROR' }]);
  await behave(tenant);
  await catalog.made('updatePrice', { priceId: second.id, lookupKey: 'late', transferLookupKey: true });
  await catalog.made('updatePrice', named);
  const { data } = await ask(billgraph, tenant.apiKey, `{ node(id: "${second.id}") { ... on Price { lookupKey } } }`);
  expect(data.node.lookupKey).toBe('late');
});

describe('refuses', () => {
  it.each([
    [{ lookupKey: null }, 'lookupKey'],
    [{ lookupKey: '' }, 'lookupKey'],
    [{ nickname: 'x'.repeat(5_001) }, 'nickname'],
    [{ metadata: { '[': 'x' } }, 'metadata.['],
    [{ currencyOptions: [{ currency: 'USD', unitAmount: 1 }] }, 'currencyOptions.0.currency'],
    [{ currencyOptions: [{ currency: 'EUR' }] }, 'currencyOptions.0.unitAmount'],
    [{ currencyOptions: [{ currency: 'EUR', tiers }] }, 'currencyOptions.0.tiers'],
  ])('%j', async (change, field) => {
    const { id: priceId } = await catalog.newPrice(productId);
    expect(refusalsOf(await catalog.mutate('updatePrice', { priceId, ...change }))).toEqual([
      { code: 'BAD_USER_INPUT', field },
    ]);
  });

  it('a random and a malformed id', async () => {
    for (const priceId of ['pri_00000000000000000000000000', 'x'])
      expect(refusalsOf(await catalog.mutate('updatePrice', { priceId }))).toEqual([
        { code: 'NOT_FOUND', field: 'priceId' },
      ]);
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    expect(refusalsOf(await catalog.mutate('updatePrice', { priceId: 'x' }, null))).toEqual([
      { code: 'UNAUTHENTICATED' },
    ]);
    const reader = await tenant.newApiKey({ scopes: ['products:read'] });
    expect(refusalsOf(await catalog.mutate('updatePrice', { priceId: 'x' }, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
