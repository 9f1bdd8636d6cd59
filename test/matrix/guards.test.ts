import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import { type KeyScope, keyScopes, missingScopes } from '../../src/identity/access/scopes.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask } from '../rig/graph.ts';

type Told = { data: Record<string, unknown> | null; errors?: { path?: string[]; extensions: { code: string } }[] };

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));

describe(`scopes, with SEED=${seed}`, () => {
  const scope = fc.constantFrom(...keyScopes);
  const alternatives = fc.array(fc.uniqueArray(scope, { maxLength: 4 }), { minLength: 1, maxLength: 4 });

  it('are an OR of ANDs, and what is missing is the least that would do', () => {
    fc.assert(
      fc.property(alternatives, fc.uniqueArray(scope), (needed, held) => {
        const has = new Set<string>(held);
        const missing = missingScopes(needed, has);
        expect(missing.length === 0).toBe(needed.some((all) => all.every((one) => has.has(one))));
        expect(missing.some((one) => has.has(one))).toBe(false);
        expect(missingScopes(needed, new Set([...has, ...missing]))).toEqual([]);
        for (const all of needed) expect(missing.length).toBeLessThanOrEqual(all.filter((one) => !has.has(one)).length);
      }),
      { seed, numRuns: 2_000 },
    );
  });
});

describe(`a guard, with SEED=${seed}`, () => {
  let billgraph: Billgraph;
  let tenant: TestTenant;
  let id: string;
  const keys = new Map<string, string>();
  beforeAll(async () => {
    billgraph = await startBillgraph();
    tenant = await createTenant(billgraph);
    const made = await ask(billgraph, tenant.apiKey, CreateCustomerDocument, { input: { email: 'ada@example.com' } });
    id = made.data.createCustomer.customer.id;
  });
  afterAll(() => billgraph.close());

  async function keyWith(scopes: KeyScope[]): Promise<string> {
    const name = [...scopes].sort().join();
    if (!keys.has(name)) keys.set(name, await tenant.newApiKey({ scopes }));
    return keys.get(name)!;
  }

  /** Root fields, each with the scopes that its own selection needs. */
  const fields = {
    'customer(by: $by) { id }': ['customers:read'],
    'customer(by: $by) { __typename }': ['customers:read'],
    'customer(by: $by) { subscriptions(first: 1) { __typename } }': ['customers:read', 'subscriptions:read'],
    'products(first: 1) { totalCount }': ['products:read'],
    'subscriptions(first: 1) { nodes { customer { id } } }': ['subscriptions:read'],
    'driftReport { open }': ['webhooks:read'],
    __typename: [],
  } as const satisfies Record<string, KeyScope[]>;
  const reads = ['customers:read', 'products:read', 'subscriptions:read', 'webhooks:read'] as const;
  type Field = keyof typeof fields;

  /** The same field, reached in another way. Whether it is asked at all, the last says. */
  const ways: Record<string, (field: Field, key: string) => { text: string; fragment?: string; isAsked?: boolean }> = {
    'an alias': (field, key) => ({ text: `${key}: ${field}` }),
    'a named fragment': (field, key) => ({
      text: `...${key}`,
      fragment: `fragment ${key} on Query { ${key}: ${field} }`,
    }),
    'an inline fragment': (field, key) => ({ text: `... on Query { ... { ${key}: ${field} } }` }),
    'fragments in fragments': (field, key) => ({
      text: `...${key}`,
      fragment: `fragment ${key} on Query { ... { ...${key}x } } fragment ${key}x on Query { ${key}: ${field} }`,
    }),
    '@include of a variable that holds': (field, key) => ({ text: `... @include(if: $yes) { ${key}: ${field} }` }),
    '@skip of a variable that does not hold': (field, key) => ({ text: `... @skip(if: $no) { ${key}: ${field} }` }),
    '@include of a variable that does not hold': (field, key) => ({
      text: `... @include(if: $no) { ${key}: ${field} }`,
      isAsked: false,
    }),
  };

  const question = fc.record({
    fields: fc.array(
      fc.record({
        field: fc.constantFrom(...(Object.keys(fields) as Field[])),
        way: fc.constantFrom(...Object.keys(ways)),
      }),
      {
        minLength: 1,
        maxLength: 5,
      },
    ),
    held: fc.uniqueArray(fc.constantFrom(...reads)),
    several: fc.boolean(),
    byGet: fc.boolean(),
  });

  it('holds however a field is reached: refused where a scope is missing, and answered where none is', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(question, async ({ fields: chosen, held, several, byGet }) => {
        const asked = chosen.map(({ field, way }, index) => ({
          field,
          key: `f${index}`,
          ...ways[way]!(field, `f${index}`),
        }));
        const variables = '($by: CustomerBy!, $yes: Boolean!, $no: Boolean!)';
        const used = asked.map(({ text }) => text).join(' ');
        // Each variable has a use.
        const rest =
          'used: __typename @include(if: $yes) @skip(if: $no) last: customer(by: $by) @include(if: $no) { id }';
        const query = [
          `query Meant ${variables} { ${used} ${rest} }`,
          ...asked.map(({ fragment }) => fragment ?? ''),
          ...(several ? ['query Other { __typename }'] : []),
        ].join(' ');
        const body = { query, operationName: 'Meant', variables: { by: { id }, yes: true, no: false } };
        const credential = await keyWith(held);
        // The third time, a query that was answered well goes the short way.
        for (let time = 0; time < 3; time++) {
          const { data, errors = [] } = await post(credential, body, byGet);
          for (const { field, key, isAsked = true } of asked) {
            const lacks = isAsked && fields[field].some((scope) => !held.includes(scope));
            const codes = errors.filter(({ path }) => path?.[0] === key).map(({ extensions }) => extensions.code);
            // A field that may not be null takes the whole answer with it, and the errors of others that come later.
            const silent = lacks && data === null && !codes.length && errors.length > 0;
            if (!silent) expect([query, key, codes]).toEqual([query, key, lacks ? ['FORBIDDEN'] : []]);
            if (lacks) expect(data?.[key] ?? null).toBeNull();
            else if (data !== null) expect([query, key in data!]).toEqual([query, isAsked]);
          }
        }
      }),
      { seed, numRuns: 150 },
    );
  });

  async function post(
    credential: string,
    body: { query: string; operationName: string; variables: object },
    byGet: boolean,
  ): Promise<Told> {
    const headers = { authorization: `Bearer ${credential}`, 'content-type': 'application/json' };
    const { query, operationName, variables } = body;
    const search = new URLSearchParams({ query, operationName, variables: JSON.stringify(variables) });
    const response = byGet
      ? await fetch(`${billgraph.url}/graphql?${search}`, {
          headers: { ...headers, 'apollo-require-preflight': 'true' },
        })
      : await fetch(`${billgraph.url}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await response.json()) as Told;
  }

  it('stands before each mutation of a document: what is allowed is done, and what is not is not', async () => {
    const key = await tenant.newApiKey({ scopes: ['customers:write'] });
    const document = `mutation {
      one: createCustomer(input: { email: "one@example.com" }) { customer { email } }
      token: createCustomerToken(input: { customerId: "${id}", scopes: [] }) { token }
      ... on Mutation { two: createCustomer(input: { email: "two@example.com" }) { customer { email } } }
    }`;
    const { data, errors } = await ask(billgraph, key, document);
    expect(errors).toMatchObject([
      { path: ['token'], extensions: { code: 'FORBIDDEN', missingScopes: ['customer_tokens:write'] } },
    ]);
    // A payload that may not be null takes the whole answer with it; what was done stays done.
    expect(data).toBeNull();
    const found = await ask(billgraph, tenant.apiKey, '{ customers { nodes { email } } }');
    expect(found.data.customers.nodes.map(({ email }: any) => email)).toEqual(
      expect.arrayContaining(['one@example.com']),
    );
  });
});
