import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CustomerStateChangedDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startAnother, startBillgraph } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { ask } from '../rig/graph.ts';
import { createOperator } from '../rig/operator.ts';
import { openShop, type Shop } from '../rig/shop.ts';
import { askOnce, openStream, type TestStream } from '../rig/stream.ts';

/** Two servers: the client is connected to the one that hears of no webhook and carries out no write. */

let billgraph: Billgraph;
let another: Awaited<ReturnType<typeof startAnother>>;
let shop: Shop;
let token: string;
const scopes = ['entitlements:read', 'customers:read', 'subscriptions:read'];
beforeAll(async () => {
  const encryptionKeys = [randomBytes(32)];
  billgraph = await startBillgraph({ encryptionKeys });
  another = await startAnother(billgraph, { encryptionKeys });
  shop = await openShop(billgraph);
  token = await shop.tokenFor(shop.ada, scopes);
});
afterAll(async () => {
  await another.close();
  await billgraph.close();
});

const document = `subscription ($customerId: ID!, $sinceVersion: BigInt) {
  customerStateChanged(customerId: $customerId, sinceVersion: $sinceVersion) { version customer { name } }
}`;
const rename = async (name: string, customerId = shop.ada.id) => {
  const update = `mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { name } } }`;
  expect((await ask(billgraph, shop.tenant.apiKey, update, { input: { customerId, name } })).errors).toBeUndefined();
};
const follow = (variables: object = {}, headers = {}, credential = token) =>
  openStream(another, credential, document, { customerId: shop.ada.id, ...variables }, headers);

/** Reads on until the push says so; each has a version that is greater than the one before. */
async function until(stream: TestStream, isIt: (state: any) => boolean): Promise<string> {
  for (let before = -1n; ; ) {
    const { id, data, errors } = await stream.next();
    expect(errors).toBeUndefined();
    expect(BigInt(id!)).toBeGreaterThan(before);
    before = BigInt(id!);
    if (isIt(data.customerStateChanged)) return id!;
  }
}
const named = (name: string) => (state: any) => state.customer.name === name;

describe('answers', () => {
  it('the state at once, and again when a write or a webhook of another server has changed it', async () => {
    const stream = await openStream(another, token, CustomerStateChangedDocument, { customerId: shop.ada.id });
    expect(stream.status).toBe(200);
    const isActive = ({ subscriptions }: any) => subscriptions.nodes.some(({ status }: any) => status === 'ACTIVE');
    await until(stream, isActive);
    await rename('Ada of the write');
    await until(stream, ({ customer }) => customer.name === 'Ada of the write');
    await shop.tenant.stripe.subscriptions.cancel(shop.ada.stripeSubscriptionId);
    await until(stream, (state) => !isActive(state));
    stream.close();
  });

  it('the newest state of a burst, versions growing', async () => {
    const stream = await follow();
    const names = Array.from({ length: 12 }, (_, i) => `Ada ${i}`);
    await stream.next();
    await Promise.all(names.map((name) => rename(name)));
    await rename('Ada at last');
    await until(stream, named('Ada at last'));
    stream.close();
  });

  it('nothing before the version changes that is known, by the argument or by the header of who comes again', async () => {
    const first = await follow();
    const id = await until(first, () => true);
    first.close();
    const [known, again, late] = await Promise.all([
      follow({ sinceVersion: id }),
      follow({ sinceVersion: '1' }, { 'last-event-id': id }),
      follow({ sinceVersion: id }, { 'last-event-id': String(BigInt(id) - 1n) }),
    ]);
    expect((await late.next()).id).toBe(id);
    await rename('Ada comes again');
    for (const stream of [known, again]) {
      // The first that comes is the change: the known state was not sent.
      const { id: next } = await stream.next();
      expect(BigInt(next!)).toBeGreaterThan(BigInt(id));
      stream.close();
    }
    late.close();
  });

  it('what changed while nobody could hear it', async () => {
    const stream = await follow();
    await stream.next();
    const listening = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query = 'listen billgraph_customer_state'`;
    expect(await asOwner(billgraph.databaseUrl, listening)).toHaveLength(2);
    await rename('Ada unheard');
    await until(stream, named('Ada unheard'));
    stream.close();
  });

  it('what changed for everyone in the project', async () => {
    const stream = await follow();
    const { id } = await stream.next();
    const owner = await createOperator(billgraph, shop.tenant);
    const set = 'mutation { updateProjectSettings(input: { gracePeriodDays: 3 }) { settings { gracePeriodDays } } }';
    expect((await owner.ask(set)).errors).toBeUndefined();
    expect(BigInt((await stream.next()).id!)).toBeGreaterThan(BigInt(id!));
    stream.close();
  });

  it('keys and operators, by GET too', async () => {
    expect((await askOnce(another, shop.tenant.apiKey, document, { customerId: shop.bob.id })).errors).toBeUndefined();
    const { cookie } = await createOperator(billgraph, shop.tenant, 'VIEWER');
    const search = new URLSearchParams({ query: document, variables: JSON.stringify({ customerId: shop.bob.id }) });
    const headers = { cookie, origin: 'http://billgraph.test', 'apollo-require-preflight': 'true' };
    const response = await fetch(`${another.url}/graphql/stream?${search}`, { headers });
    expect(response.status).toBe(200);
    const { value } = await response.body!.getReader().read();
    expect(new TextDecoder().decode(value)).toMatch(/^:\n\n/);
    await response.body!.cancel().catch(() => {});
  });
});

describe('refuses', () => {
  const codesOf = async (query: string, variables: object) => {
    const { errors = [] } = await askOnce(another, token, query, { ...variables });
    return errors.map(({ extensions: { code, field } }) => [code, field]);
  };

  it('what is no customer of the project', async () => {
    const other = await createTenant(billgraph);
    for (const customerId of ['', 'x', 'pc_00000000000000000000000000', shop.bob.id, 'pc_\0'])
      expect(await codesOf(document, { customerId })).toEqual([['NOT_FOUND', 'customerId']]);
    const { errors } = await askOnce(another, other.apiKey, document, { customerId: shop.ada.id, sinceVersion: '0' });
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND', field: 'customerId' } }]);
  });

  it('documents that do not fit, are unclear, or ask for too much', async () => {
    const customerId = shop.ada.id;
    const call = `customerStateChanged(customerId: "${customerId}")`;
    const deep = 'subscriptions { nodes { customer { '.repeat(6);
    const many = `subscriptions(first: 100) { nodes { customer { subscriptions(first: 100) { nodes { customer { subscriptions(first: 100) { nodes { id } } } } } } } }`;
    const refused: [string, string][] = [
      ['subscription {', 'GRAPHQL_PARSE_FAILED'],
      [`subscription { ${call} { nothing } }`, 'GRAPHQL_VALIDATION_FAILED'],
      [`subscription { a: ${call} { version } b: ${call} { version } }`, 'GRAPHQL_VALIDATION_FAILED'],
      ['subscription { __typename }', 'GRAPHQL_VALIDATION_FAILED'],
      [`subscription A { ${call} { version } } subscription B { ${call} { version } }`, 'OPERATION_RESOLUTION_FAILURE'],
      [`subscription { ${call} { customer { ${deep} id ${'} '.repeat(18)} } } }`, 'BAD_USER_INPUT'],
      [`subscription { ${call} { customer { ${many} } } }`, 'BAD_USER_INPUT'],
      [`subscription { ${call} { ${'version '.repeat(2_100)} } }`, 'GRAPHQL_PARSE_FAILED'],
      [
        `subscription { customerStateChanged(customerId: "${customerId}", sinceVersion: "many") { version } }`,
        'GRAPHQL_VALIDATION_FAILED',
      ],
    ];
    for (const [query, code] of refused)
      expect([query, await codesOf(query, {})]).toEqual([query, [[code, undefined]]]);
    expect(await codesOf(document, { customerId, sinceVersion: '12x' })).toEqual([['BAD_USER_INPUT', undefined]]);
    expect(await codesOf(document, {})).toEqual([['BAD_USER_INPUT', undefined]]);
  });

  it.each([
    ['subscription { customerStateChanged(customerId: "pc_1") @skip(if: true) { version } }'],
    ['subscription ($on: Boolean!) { customerStateChanged(customerId: "pc_1") @include(if: $on) { version } }'],
    ['subscription ($on: Boolean!) { ... @include(if: $on) { customerStateChanged(customerId: "pc_1") { version } } }'],
    [
      'subscription ($on: Boolean!) { ...a } fragment a on SubscriptionRoot { customerStateChanged(customerId: "pc_1") @skip(if: $on) { version } }',
    ],
  ])('a root that may not be there, here and elsewhere: %s', async (query) => {
    for (const on of [true, false]) {
      expect(await codesOf(query, { on })).toEqual([['GRAPHQL_VALIDATION_FAILED', undefined]]);
      const elsewhere = await ask(another, null, query, { on });
      expect(elsewhere.status).toBe(400);
      expect(elsewhere.errors).toMatchObject([{ message: expect.stringContaining('neither @skip nor @include') }]);
    }
  });

  it('queries and mutations here, and subscriptions elsewhere, saying where they belong', async () => {
    const query = await openStream(another, token, '{ customers { totalCount } }');
    const mutation = await openStream(
      another,
      token,
      'mutation { createCustomer(input: { email: "x@example.com" }) { customer { id } } }',
    );
    for (const { status, errors } of [query, mutation]) {
      expect(status).toBe(400);
      expect(errors).toMatchObject([
        { message: expect.stringContaining('/graphql.'), extensions: { code: 'BAD_USER_INPUT' } },
      ]);
    }
    const elsewhere = await ask(another, token, document, { customerId: shop.ada.id });
    expect(elsewhere.status).toBe(400);
    expect(elsewhere.errors).toMatchObject([
      { message: expect.stringContaining('/graphql/stream'), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  it('to go on when the customer is deleted', async () => {
    const create = 'mutation { createCustomer(input: { email: "soon@example.com" }) { customer { id } } }';
    const customerId = (await ask(billgraph, shop.tenant.apiKey, create)).data.createCustomer.customer.id;
    const stream = await follow({ customerId }, {}, shop.tenant.apiKey);
    await stream.next();
    const remove = 'mutation ($input: DeleteCustomerInput!) { deleteCustomer(input: $input) { __typename } }';
    expect((await ask(billgraph, shop.tenant.apiKey, remove, { input: { customerId } })).errors).toBeUndefined();
    const last = await stream.rest();
    expect(last.at(-1)).toBe('complete');
    expect(last.at(-2)).toContain('"code":"NOT_FOUND"');
  });
});

describe('is not allowed', () => {
  it('without a credential, without the scope, nor to read what another scope guards', async () => {
    const nobody = await openStream(another, null, document, { customerId: shop.ada.id });
    expect([nobody.status, nobody.errors![0]!.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    const wrong = await openStream(another, 'bs_test_nonsense', document, { customerId: shop.ada.id });
    expect([wrong.status, wrong.errors![0]!.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    const without = await shop.tokenFor(shop.ada, ['customers:read']);
    const lacking = await openStream(another, without, document, { customerId: shop.ada.id });
    const told = await lacking.rest();
    expect(told).toEqual([expect.stringContaining('"missingScopes":["entitlements:read"]'), 'complete']);
    const only = await shop.tokenFor(shop.ada, ['entitlements:read']);
    const { data, errors } = await askOnce(another, only, document, { customerId: shop.ada.id });
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', missingScopes: ['customers:read'] } }]);
  });
});
