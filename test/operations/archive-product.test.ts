import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { catalogOf } from '../rig/catalog.ts';
import { silence } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let catalog: ReturnType<typeof catalogOf>;
let product: { id: string; stripeProductId: string };
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  await silence(tenant);
  catalog = catalogOf(billgraph, tenant);
  product = await catalog.newProduct();
});
afterAll(() => billgraph.close());

describe('answers', () => {
  it('the product, archived and taken up again, here and in Stripe, without a webhook', async () => {
    const { id: productId, stripeProductId } = product;
    const listed = async () =>
      (await ask(billgraph, tenant.apiKey, '{ products { nodes { id } } }')).data.products.nodes;
    expect(await catalog.made('archiveProduct', { productId })).toEqual({ ...product, active: false });
    expect(await listed()).toEqual([]);
    expect(await tenant.stripe.products.retrieve(stripeProductId)).toMatchObject({ active: false });
    expect(await catalog.made('archiveProduct', { productId, reactivate: true })).toEqual(product);
    expect(await listed()).toEqual([{ id: productId }]);
    expect(await tenant.stripe.products.retrieve(stripeProductId)).toMatchObject({ active: true });
  });
});

describe('refuses', () => {
  it("another tenant's, a random and a malformed id", async () => {
    const { apiKey } = await createTenant(billgraph);
    for (const [productId, key] of [
      [product.id, apiKey],
      ['pp_00000000000000000000000000', tenant.apiKey],
      ['x', tenant.apiKey],
    ] as const)
      expect(refusalsOf(await catalog.mutate('archiveProduct', { productId }, key))).toEqual([
        { code: 'NOT_FOUND', field: 'productId' },
      ]);
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    const input = { productId: product.id };
    expect(refusalsOf(await catalog.mutate('archiveProduct', input, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['products:read'] });
    expect(refusalsOf(await catalog.mutate('archiveProduct', input, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
