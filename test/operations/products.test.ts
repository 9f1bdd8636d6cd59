import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
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

const fields = 'product { id name description unitLabel url active metadata stripeProductId }';
const mutate = (name: string, input: object, credential: string | null = tenant.apiKey) => {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  return ask(billgraph, credential, `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`, { input });
};
const create = async (input: object, { apiKey } = tenant) => {
  const { data, errors } = await mutate('createProduct', input, apiKey);
  expect(errors).toBeUndefined();
  return data.createProduct.product;
};

describe('answers', () => {
  it('the product, made, changed, archived and taken up again, here and in Stripe, without a webhook', async () => {
    const made = await create(
      { name: 'Pro', unitLabel: 'seat', url: 'https://a.example/pro', metadata: { a: '1' } },
      silent,
    );
    expect(made).toMatchObject({ id: expect.stringMatching(/^pp_/), active: true, unitLabel: 'seat' });
    const { id: productId, stripeProductId } = made;
    const changes = { name: 'Pro 2', description: 'd', url: null, metadata: { b: '2' } };
    const changed = (await mutate('updateProduct', { productId, ...changes }, silent.apiKey)).data.updateProduct
      .product;
    expect(changed).toEqual({ ...made, ...changes });
    expect(await silent.stripe.products.retrieve(stripeProductId)).toMatchObject({
      name: 'Pro 2',
      url: null,
      metadata: { b: '2', billgraph_project_id: silent.projectId },
    });
    const listed = async () =>
      (await ask(billgraph, silent.apiKey, '{ products { nodes { id } } }')).data.products.nodes;
    const archived = await mutate('archiveProduct', { productId }, silent.apiKey);
    expect(archived.data.archiveProduct.product.active).toBe(false);
    expect(await listed()).toEqual([]);
    await mutate('archiveProduct', { productId, reactivate: true }, silent.apiKey);
    expect(await listed()).toEqual([{ id: productId }]);
    expect(await silent.stripe.products.retrieve(stripeProductId)).toMatchObject({ active: true });
  });

  it('one row, whether the webhook or the answer is quicker', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, (_, at) => create({ name: `Quick ${at}` })));
    await billgraph.settled();
    const { nodes } = (await ask(billgraph, tenant.apiKey, '{ products { nodes { id name } } }')).data.products;
    const quick = nodes.filter(({ name }: { name: string }) => name.startsWith('Quick'));
    expect(quick.map(({ id }: { id: string }) => id).sort()).toEqual(made.map(({ id }) => id).sort());
  });

  it("the same product where Stripe's answer was lost, and no second one", async () => {
    await misbehave(silent, { kind: 'connection_lost_after', only: 'POST /v1/products', next: 10 });
    const input = { name: 'Lost', idempotencyKey: 'lost' };
    const lost = await mutate('createProduct', input, silent.apiKey);
    expect(lost.errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
    await behave(silent);
    const { data } = await mutate('createProduct', input, silent.apiKey);
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
    [{ name: 'P', description: 'nul \0' }, 'description'],
    [{ name: 'P', metadata: { billgraph_id: 'x' } }, 'metadata.billgraph_id'],
  ])('%j', async (input, field) => {
    expect(refusalsOf(await mutate('createProduct', input))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });

  it('to take the name away', async () => {
    const { id: productId } = await create({ name: 'Named' });
    expect(refusalsOf(await mutate('updateProduct', { productId, name: null }))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'name' },
    ]);
  });

  it.each(['updateProduct', 'archiveProduct'])("%s of another tenant's, a random and a malformed id", async (name) => {
    const foreign = await create({ name: 'Foreign' }, silent);
    for (const productId of [foreign.id, 'pp_00000000000000000000000000', 'x'])
      expect(refusalsOf(await mutate(name, { productId }))).toEqual([{ code: 'NOT_FOUND', field: 'productId' }]);
  });
});

describe('is not allowed', () => {
  it.each([
    ['createProduct', { name: 'P' }],
    ['updateProduct', { productId: 'x' }],
    ['archiveProduct', { productId: 'x' }],
  ])('%s without a credential, or the scope', async (name, input) => {
    expect(refusalsOf(await mutate(name, input, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['products:read'] });
    expect(refusalsOf(await mutate(name, input, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
