import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerDocument, CreateCustomerTokenDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let foreign: TestTenant;
let ada: { id: string; stripeCustomerId: string };
let bob: { id: string };
beforeAll(async () => {
  billgraph = await startBillgraph();
  [tenant, foreign] = await Promise.all([createTenant(billgraph), createTenant(billgraph)]);
  ada = await newCustomer({ email: 'ada@example.com', externalId: 'u_ada' });
  bob = await newCustomer({ email: 'bob@example.com', externalId: 'u_bob' });
});
afterAll(() => billgraph.close());

const newCustomer = async (input: object) =>
  (await ask(billgraph, tenant.apiKey, CreateCustomerDocument, { input })).data.createCustomer.customer;
const find = (by: object, credential: string | null = tenant.apiKey) =>
  ask(billgraph, credential, 'query ($by: CustomerBy!) { customer(by: $by) { id email } }', { by });
const tokenFor = async (customerId: string, scopes = ['customers:read', 'subscriptions:read']) => {
  const { data } = await ask(billgraph, tenant.apiKey, CreateCustomerTokenDocument, { input: { customerId, scopes } });
  return data.createCustomerToken.token as string;
};

describe('answers', () => {
  it('by our id, your id, the email in any case, and by the id of Stripe', async () => {
    for (const by of [
      { id: ada.id },
      { externalId: 'u_ada' },
      { email: 'ADA@example.com' },
      { stripeId: ada.stripeCustomerId },
    ]) {
      expect((await find(by)).data.customer).toEqual({ id: ada.id, email: 'ada@example.com' });
    }
  });

  it('null for a random id, a malformed id and an id of another tenant alike', async () => {
    const alike = [
      { id: 'pc_00000000000000000000000000' },
      { id: '%' },
      { id: '' },
      { id: 'pc_' },
      { email: "' or 1=1 --" },
    ];
    for (const by of alike) expect(await find(by)).toMatchObject({ data: { customer: null }, errors: undefined });
    expect(await find({ id: ada.id }, foreign.apiKey)).toMatchObject({ data: { customer: null }, errors: undefined });
    expect(await find({ stripeId: ada.stripeCustomerId }, foreign.apiKey)).toMatchObject({ data: { customer: null } });
  });

  it('a customer token: itself, and nobody else', async () => {
    const token = await tokenFor(ada.id);
    expect((await find({ externalId: 'u_ada' }, token)).data.customer).toMatchObject({ id: ada.id });
    for (const by of [{ id: bob.id }, { externalId: 'u_bob' }, { email: 'bob@example.com' }]) {
      expect((await find(by, token)).data.customer).toBeNull();
    }
    const { data } = await ask(billgraph, token, '{ customers { totalCount nodes { id } } }');
    expect(data.customers).toEqual({ totalCount: 1, nodes: [{ id: ada.id }] });
  });
});

describe('refuses', () => {
  it.each([[{}], [{ id: 'pc_1', email: 'ada@example.com' }], [{ id: null }]])('by %j', async (by) => {
    const answer = await find(by);
    expect(answer.status).toBe(400);
    expect(refusalsOf(answer)).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
  });

  it('two keys in a literal', async () => {
    const { errors } = await ask(billgraph, tenant.apiKey, '{ customer(by: { id: "a", email: "b" }) { id } }');
    expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  });

  it.each([
    [{ first: 0 }],
    [{ first: 101 }],
    [{ first: -1 }],
    [{ last: 101 }],
    [{ first: 1, last: 1 }],
    [{ after: 'nonsense' }],
  ])('a page %j', async (page) => {
    const query =
      'query ($first: Int, $last: Int, $after: String) { customers(first: $first, last: $last, after: $after) { nodes { id } } }';
    const answer = await ask(billgraph, tenant.apiKey, query, page);
    expect(refusalsOf(answer)).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
  });
});

describe('is not allowed', () => {
  it.each(['customer(by: { id: "x" }) { id }', 'customers { nodes { id } }'])('%s without the scope', async (field) => {
    const key = await tenant.newApiKey({ scopes: ['subscriptions:read'] });
    expect(refusalsOf(await ask(billgraph, key, `{ ${field} }`))).toEqual([{ code: 'FORBIDDEN' }]);
  });

  it('through an alias, a fragment, or a field of another type', async () => {
    const noSubscriptions = await tenant.newApiKey({ scopes: ['customers:read'] });
    const document = `query ($by: CustomerBy!) { me: customer(by: $by) { ...rest } } fragment rest on Customer { ... on Customer { s: subscriptions { totalCount } } }`;
    const answer = await ask(billgraph, noSubscriptions, document, { by: { id: ada.id } });
    expect(answer.errors).toMatchObject([
      { path: ['me', 's'], extensions: { code: 'FORBIDDEN', missingScopes: ['subscriptions:read'] } },
    ]);
    expect(answer.data).toEqual({ me: null });
  });

  it('a customer token without the scope', async () => {
    const token = await tokenFor(ada.id, ['subscriptions:read']);
    expect(refusalsOf(await find({ id: ada.id }, token))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
