import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { catalogOf } from '../rig/catalog.ts';
import { silence } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let catalog: ReturnType<typeof catalogOf>;
let price: { id: string; stripePriceId: string; product: { id: string } };
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  await silence(tenant);
  catalog = catalogOf(billgraph, tenant);
  price = await catalog.newPrice((await catalog.newProduct()).id, {
    currencyOptions: [{ currency: 'EUR', unitAmount: 1 }],
  });
});
afterAll(() => billgraph.close());

const listed = async () =>
  (await ask(billgraph, tenant.apiKey, '{ prices { nodes { id } } }')).data.prices.nodes.length;

describe('answers', () => {
  it('the price, archived and taken up again, with all that it costs', async () => {
    const priceId = price.id;
    expect(await catalog.made('archivePrice', { priceId })).toEqual({ ...price, active: false });
    expect(await tenant.stripe.prices.retrieve(price.stripePriceId)).toMatchObject({ active: false });
    expect(await listed()).toBe(0);
    expect(await catalog.made('archivePrice', { priceId })).toMatchObject({ active: false });
    expect(await catalog.made('archivePrice', { priceId, reactivate: true })).toEqual(price);
    expect(await listed()).toBe(1);
  });
});

describe('refuses', () => {
  it('the default price of a product', async () => {
    const { stripePriceId } = price;
    const { product } = await tenant.stripe.prices.retrieve(stripePriceId);
    await tenant.stripe.products.update(product as string, { default_price: stripePriceId });
    const refused = await catalog.mutate('archivePrice', { priceId: price.id });
    expect(refusalsOf(refused)).toEqual([{ code: 'CONFLICT', field: 'priceId' }]);
    await tenant.stripe.products.update(product as string, { default_price: '' });
  });

  it("another tenant's, a random and a malformed id", async () => {
    const { apiKey } = await createTenant(billgraph);
    for (const [priceId, key] of [
      [price.id, apiKey],
      ['pri_00000000000000000000000000', tenant.apiKey],
      ['x', tenant.apiKey],
    ] as const)
      expect(refusalsOf(await catalog.mutate('archivePrice', { priceId }, key))).toEqual([
        { code: 'NOT_FOUND', field: 'priceId' },
      ]);
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    const input = { priceId: price.id };
    expect(refusalsOf(await catalog.mutate('archivePrice', input, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['products:read'] });
    expect(refusalsOf(await catalog.mutate('archivePrice', input, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
