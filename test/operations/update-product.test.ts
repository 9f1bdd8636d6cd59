import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { catalogOf } from '../rig/catalog.ts';
import { silence } from '../rig/faults.ts';
import { refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let catalog: ReturnType<typeof catalogOf>;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  await silence(tenant);
  catalog = catalogOf(billgraph, tenant);
});
afterAll(() => billgraph.close());

describe('answers', () => {
  it('the product as it is now, here and in Stripe, without a webhook', async () => {
    const made = await catalog.newProduct({ unitLabel: 'seat', url: 'https://a.example/pro', metadata: { a: '1' } });
    const changes = { name: 'Pro 2', description: 'd', url: null, metadata: { b: '2' } };
    expect(await catalog.made('updateProduct', { productId: made.id, ...changes })).toEqual({ ...made, ...changes });
    const inStripe = await tenant.stripe.products.retrieve(made.stripeProductId);
    expect(inStripe).toMatchObject({ name: 'Pro 2', url: null, unit_label: 'seat' });
    expect(inStripe.metadata).toEqual({
      b: '2',
      billgraph_team_id: tenant.teamId,
      billgraph_project_id: tenant.projectId,
      billgraph_environment: 'TEST',
    });
  });
});

describe('refuses', () => {
  it.each([
    [{ name: null }, 'name'],
    [{ name: ' ' }, 'name'],
    [{ unitLabel: 'x'.repeat(13) }, 'unitLabel'],
    [{ url: 'ftp://a.example' }, 'url'],
    [{ metadata: { a: '' } }, 'metadata.a'],
  ])('%j', async (change, field) => {
    const { id: productId } = await catalog.newProduct();
    expect(refusalsOf(await catalog.mutate('updateProduct', { productId, ...change }))).toEqual([
      { code: 'BAD_USER_INPUT', field },
    ]);
  });

  it("another tenant's, a random and a malformed id", async () => {
    const theirs = await catalogOf(billgraph, await createTenant(billgraph)).newProduct();
    for (const productId of [theirs.id, 'pp_00000000000000000000000000', 'x'])
      expect(refusalsOf(await catalog.mutate('updateProduct', { productId }))).toEqual([
        { code: 'NOT_FOUND', field: 'productId' },
      ]);
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    const input = { productId: 'x' };
    expect(refusalsOf(await catalog.mutate('updateProduct', input, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['products:read'] });
    expect(refusalsOf(await catalog.mutate('updateProduct', input, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
