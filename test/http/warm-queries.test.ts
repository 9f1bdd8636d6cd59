import {
  buildSchema,
  execute,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  getOperationAST,
  parse,
  validate,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocumentLimits } from '../../src/graphql/limit-documents.ts';
import { createWarmQueries } from '../../src/graphql/warm-queries.ts';
import { Allowance } from '../../src/limits/allowance.ts';
import { cursorOf } from '../reader/model.ts';
import { randomDocument } from '../reader/random-document.ts';
import { openReader, type ReaderRig } from '../reader/rig.ts';
import { makeTenants, randomOf, seed as seedRows, type Tables, tenants } from '../reader/tenants.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask } from '../rig/graph.ts';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
const documents = Number(process.env.DOCUMENTS ?? 400);

/** Asks both executors, the short way as a query that was learnt. */
function bothWays(schema: GraphQLSchema) {
  const warm = createWarmQueries(schema, createDocumentLimits({ openIntrospection: true }));
  const parsed = new Map<string, ReturnType<typeof parse>>();
  return async (query: string, variables: Record<string, unknown> = {}, context: object = {}) => {
    if (!parsed.has(query)) {
      const document = parse(query);
      expect(validate(schema, document), query).toEqual([]);
      parsed.set(query, document);
      const listener = await warm.plugin.requestDidStart!({} as never);
      const learnt = { source: query, document, operation: getOperationAST(document) };
      await (listener as { willSendResponse(of: unknown): Promise<void> }).willSendResponse(learnt);
    }
    const document = parsed.get(query)!;
    const long = await execute({ schema, document, variableValues: variables, contextValue: context });
    const short = await warm.answer({ query, variables }, {
      principal: null,
      allowance: new Allowance({} as never, null),
      ...context,
    } as never);
    return { long, short };
  };
}

describe(`any query, with SEED=${seed}`, () => {
  const random = randomOf(seed);
  const tables: Tables = makeTenants(seed);
  let rig: ReaderRig;
  beforeAll(async () => {
    rig = await openReader();
    await seedRows(rig, tables);
  });
  afterAll(() => rig.close());

  it('is answered the short way byte for byte as by graphql-js, or not at all', async () => {
    const askBoth = bothWays(rig.schema);
    const ids = tables.customer.map(({ id }) => id);
    const cursors = [...Object.values(tables).flat().map(cursorOf), 'no cursor'];
    let answered = 0;
    for (let n = 0; n < documents; n++) {
      const { text, variables } = randomDocument(rig.schema, random, { ids, cursors });
      for (let times = 0; times < 3; times++) {
        const tenant = tenants[random(tenants.length)]!;
        const scope = { ...tenant, customerId: random(3) ? null : ids[random(ids.length)]! };
        const variableValues = variables();
        const { long, short } = await askBoth(text, variableValues, { read: rig.as(scope) });
        const situation = `${text}\n${JSON.stringify({ variableValues, scope })}`;
        if (long.errors) expect(short, situation).toBeNull();
        else if (short) expect(JSON.stringify(short), situation).toBe(JSON.stringify(long.data));
        if (short) answered++;
      }
    }
    // Those alone are left to graphql-js that fail, or have more switches than positions are compiled.
    expect(answered).toBeGreaterThan(documents * 2);
  }, 120_000);
});

describe('whatever a resolver does', () => {
  const resolvers: Record<string, GraphQLFieldResolver<any, any>> = {
    plain: () => 'text',
    missing: () => undefined,
    late: async () => 'late',
    needed: () => null,
    neededLate: async () => null,
    thrown: () => {
      throw new Error('thrown');
    },
    rejected: () => Promise.reject(new Error('rejected')),
    failure: () => new Error('a value'),
    lateFailure: async () => new Error('a late value'),
    badLeaf: () => ({}),
    list: () => [1, null, 2],
    noList: () => 1,
    set: () => new Set([1]),
    promises: () => [Promise.resolve(1)],
    rows: async () => [{ id: 1, self: { id: 2 } }, null, { id: 3, late: Promise.resolve(4), method: () => 5 }],
    colour: () => 'RED',
    badColour: () => 'NONE',
    echo: (_row, args) => JSON.stringify(args),
    slow: () => new Promise((resolve) => setTimeout(resolve, 20, 'slow')),
    nest: async () => ({}),
  };
  const schema = buildSchema(`
    enum Colour { RED GREEN }
    input Range { from: Int = 1, to: Int, inner: Range }
    input By @oneOf { id: ID email: String }
    type Row { id: Int! self: Row late: Int method: Int }
    type Nest { egg: String }
    type Query {
      slow: String nest: Nest
      plain: String missing: String late: String needed: String! neededLate: String! thrown: String rejected: String failure: String
      lateFailure: String badLeaf: Int list: [Int] noList: [Int] set: [Int] promises: [Int] rows: [Row] colour: Colour badColour: Colour
      echo(range: Range, by: By, many: [Int!] = [7], colour: Colour, flag: Boolean = true): String
    }
  `);
  for (const [name, resolve] of Object.entries(resolvers))
    (schema.getQueryType() as GraphQLObjectType).getFields()[name]!.resolve = resolve;
  (schema.getType('Nest') as GraphQLObjectType).getFields().egg!.resolve = async () =>
    Promise.reject(new Error('broken'));
  const askBoth = bothWays(schema);

  it.each([
    '{ plain missing late again: plain }',
    '{ late plain }',
    '{ list colour }',
    '{ __typename other: __typename }',
    '{ rows { id self { id __typename } } }',
    '{ ...A ...A ... on Query { late } } fragment A on Query { plain ...B } fragment B on Query { late }',
    '{ echo }',
    '{ echo(range: { to: 3 }, many: 1, flag: null) }',
  ])('%s is answered alike', async (query) => {
    const { long, short } = await askBoth(query);
    expect(long.errors).toBeUndefined();
    expect(JSON.stringify(short)).toBe(JSON.stringify(long.data));
  });

  it.each([
    '{ needed }',
    '{ neededLate plain }',
    '{ thrown late }',
    '{ late thrown rejected }',
    '{ rejected neededLate }',
    '{ failure }',
    '{ lateFailure }',
    '{ badLeaf }',
    '{ noList }',
    '{ badColour }',
    // What fails inside of one field while another is on its way: a rejection that nobody holds would end the process.
    '{ slow nest { egg } }',
    // graphql-js answers these, and so seldom that it may.
    '{ set }',
    '{ promises }',
    '{ rows { late } }',
    '{ rows { method } }',
    '{ __proto__: plain }',
    '{ __schema { queryType { name } } }',
    '{ __type(name: "Row") { name } }',
  ])('%s is left to graphql-js', async (query) => {
    for (let times = 0; times < 2; times++) expect((await askBoth(query)).short).toBeNull();
  });

  it.each([
    ['query ($n: Int) { echo(range: { to: $n }) }', [{}, { n: null }, { n: 3 }]],
    ['query ($r: Range) { echo(range: $r) }', [{}, { r: null }, { r: {} }, { r: { to: 2, inner: { from: null } } }]],
    ['query ($r: Range = { to: 9 }) { echo(range: $r) }', [{}, { r: null }, { r: { from: 2 } }]],
    ['query ($b: By) { echo(by: $b) }', [{}, { b: { id: 'a' } }, { b: { email: 'b' } }]],
    ['query ($i: ID!) { echo(by: { id: $i }) }', [{ i: 'a' }, { i: 1 }]],
    ['query ($m: [Int!]) { echo(many: $m) }', [{}, { m: 1 }, { m: [1, 2] }]],
    ['query ($f: Boolean, $c: Colour) { echo(flag: $f, colour: $c) }', [{}, { f: null }, { f: false, c: 'GREEN' }]],
    [
      'query ($s: Boolean!, $i: Boolean! = true) { plain @skip(if: $s) ...F ...F @skip(if: $s) } fragment F on Query { late @include(if: $i) echo }',
      [{ s: true }, { s: false }, { s: true, i: false }, { s: false, i: false }],
    ],
  ])('%s is answered alike, whatever its variables are', async (query, values) => {
    for (const variables of [...values, ...values]) {
      const { long, short } = await askBoth(query, variables);
      expect(long.errors).toBeUndefined();
      expect(JSON.stringify(short), JSON.stringify(variables)).toBe(JSON.stringify(long.data));
    }
  });

  it.each([
    ['query ($i: ID!) { echo(by: { id: $i }) }', [{}, { i: null }, { i: {} }]],
    ['query ($b: By) { echo(by: $b) }', [{ b: {} }, { b: { id: 'a', email: 'b' } }, { b: { id: null } }]],
    ['query ($r: Range) { echo(range: $r) }', [{ r: { other: 1 } }, { r: { to: 'x' } }]],
    ['query ($c: Colour) { echo(colour: $c) }', [{ c: 'BLUE' }]],
  ])('%s with variables that do not fit is left to graphql-js', async (query, values) => {
    for (const variables of [...values, ...values]) {
      const { long, short } = await askBoth(query, variables);
      expect(long.errors).not.toBeUndefined();
      expect(short).toBeNull();
    }
  });
});

describe('over HTTP, the third answer is the first one', () => {
  let billgraph: Billgraph;
  let tenant: TestTenant;
  beforeAll(async () => {
    billgraph = await startBillgraph({ openIntrospection: false });
    tenant = await createTenant(billgraph);
  });
  afterAll(() => billgraph.close());

  async function thrice(body: object, headers: Record<string, string> = {}) {
    const answers: { status: number; type: string | null; text: string }[] = [];
    for (let times = 0; times < 3; times++) {
      const response = await fetch(`${billgraph.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${tenant.apiKey}`, ...headers },
        body: JSON.stringify(body),
      });
      const id = response.headers.get('x-request-id')!;
      const text = (await response.text()).replaceAll(id, 'the request');
      answers.push({ status: response.status, type: response.headers.get('content-type'), text });
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    return answers[0]!;
  }

  it.each([
    ['*/*'],
    ['application/json'],
    ['application/json, */*'],
    ['application/json, text/plain, */*'],
    ['application/graphql-response+json'],
    ['application/graphql-response+json, application/json;q=0.9'],
    ['application/json;q=0.1, application/graphql-response+json'],
    ['text/html'],
  ])('where a client accepts %s', async (accept) => {
    await thrice({ query: '{ customers { totalCount } }' }, { accept });
  });

  it.each([
    ['query A { customers { totalCount } }', 'A', 200],
    ['query A { customers { totalCount } }', 'B', 400],
    ['query A { customers { totalCount } } query B { __typename }', 'B', 200],
    ['query A { customers { totalCount } } query B { __typename }', undefined, 400],
  ])('where %s is asked as %s', async (query, operationName, status) => {
    expect((await thrice({ query, operationName })).status).toBe(status);
  });

  it('for whoever asks: nobody, one without the scope, and one with it', async () => {
    const query = '{ customers { nodes { id subscriptions { totalCount } } } }';
    const poor = await tenant.newApiKey({ scopes: ['products:read'] });
    const { data } = await ask(billgraph, tenant.apiKey, query);
    expect(data).toEqual({ customers: { nodes: [] } });
    for (let times = 0; times < 3; times++) {
      expect((await ask(billgraph, null, query)).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
      expect((await ask(billgraph, poor, query)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      expect((await ask(billgraph, tenant.apiKey, query)).data).toEqual(data);
    }
  });

  it('where a variable says how much: a page within the limits, and one beyond them', async () => {
    const query = `query ($first: Int) { customers(first: $first) { nodes { subscriptions(first: $first) { nodes {
      items(first: 10) { nodes { id } } } } } } }`;
    for (let times = 0; times < 3; times++) {
      expect((await ask(billgraph, tenant.apiKey, query, { first: 10 })).errors).toBeUndefined();
      expect((await ask(billgraph, tenant.apiKey, query, { first: 100 })).errors).toMatchObject([
        { message: expect.stringContaining('Ask for smaller pages') },
      ]);
    }
  });

  it('where the schema is asked for without the scope', async () => {
    const key = await tenant.newApiKey({ scopes: ['customers:read'] });
    const query = '{ customers { totalCount } ...S } fragment S on Query { __schema { queryType { name } } }';
    expect((await ask(billgraph, tenant.apiKey, query)).errors).toBeUndefined();
    for (let times = 0; times < 3; times++)
      expect((await ask(billgraph, key, query)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
