import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { catalogOf } from '../rig/catalog.ts';
import { behave, misbehave, silence } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let silent: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  [tenant, silent] = await Promise.all([createTenant(billgraph), createTenant(billgraph)]);
  await silence(silent);
});
afterAll(() => billgraph.close());

const create = (input: object, credential: string | null = tenant.apiKey) =>
  catalogOf(billgraph, tenant).mutate('createProduct', input, credential);

describe('answers', () => {
  it('the product, here and in Stripe, without a webhook', async () => {
    const given = { unitLabel: 'seat', url: 'https://a.example/pro', metadata: { a: '1' } };
    const made = await catalogOf(billgraph, silent).newProduct(given);
    expect(made).toMatchObject({ ...given, id: expect.stringMatching(/^pp_/), active: true, description: null });
    expect(await silent.stripe.products.retrieve(made.stripeProductId)).toMatchObject({
      name: 'Pro',
      metadata: { a: '1', billgraph_project_id: silent.projectId },
    });
  });

  it('one row, whether the webhook or the answer is quicker', async () => {
    const { newProduct } = catalogOf(billgraph, tenant);
    const made = await Promise.all(Array.from({ length: 8 }, (_, at) => newProduct({ name: `Quick ${at}` })));
    await billgraph.settled();
    const { nodes } = (await ask(billgraph, tenant.apiKey, '{ products { nodes { id } } }')).data.products;
    expect(nodes.map(({ id }: { id: string }) => id).sort()).toEqual(made.map(({ id }) => id).sort());
  });

  it("the same product where Stripe's answer was lost, and no second one", async () => {
    await misbehave(silent, { kind: 'connection_lost_after', only: 'POST /v1/products', next: 10 });
    const input = { name: 'Lost', idempotencyKey: 'lost' };
    const lost = await create(input, silent.apiKey);
    expect(lost.errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
    await behave(silent);
    const { data } = await create(input, silent.apiKey);
    const inStripe = (await silent.stripe.products.list()).data.filter(({ name }) => name === 'Lost');
    expect(inStripe).toMatchObject([{ id: data.createProduct.product.stripeProductId }]);
  });
});

describe('refuses', () => {
  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(251) }, 'name'],
    [{ name: 'P', unitLabel: 'x'.repeat(13) }, 'unitLabel'],
    [{ name: 'P', url: 'javascript:alert(1)' }, 'url'],
    [{ name: 'P', url: 'https://good.example@evil.example' }, 'url'],
    [{ name: 'P', description: 'nul \0' }, 'description'],
    [{ name: 'P', description: 'x'.repeat(5_001) }, 'description'],
    [{ name: 'P', metadata: { billgraph_id: 'x' } }, 'metadata.billgraph_id'],
    [{ name: 'P', metadata: { a: 'x'.repeat(501) } }, 'metadata.a'],
  ])('%j', async (input, field) => {
    expect(refusalsOf(await create(input))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    expect(refusalsOf(await create({ name: 'P' }, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['products:read'] });
    expect(refusalsOf(await create({ name: 'P' }, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
