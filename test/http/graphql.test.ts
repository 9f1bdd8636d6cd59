import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
  fetch(`${billgraph.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tenant.apiKey}`, ...headers },
    body,
  });

describe('a body that is no question', () => {
  it.each([
    ['too large', 'x'.repeat(1_100_000), 413, 'PAYLOAD_TOO_LARGE'],
    ['malformed JSON', '{"query":', 400, 'BAD_USER_INPUT'],
    ['empty', '', 400, 'BAD_USER_INPUT'],
    ['malformed UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 400, 'BAD_USER_INPUT'],
    ['JSON, but no object', '42', 400, 'BAD_REQUEST'],
    ['without a query', '{}', 400, 'BAD_REQUEST'],
    ['a query that is no text', '{"query":42}', 400, 'BAD_REQUEST'],
    ['variables that are no object', '{"query":"{ __typename }","variables":"x"}', 400, 'BAD_REQUEST'],
    ['a batch', '[{"query":"{ __typename }"}]', 400, 'BAD_REQUEST'],
    ['no GraphQL', '{"query":"{"}', 400, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{"query":"{ nothing }"}', 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'an operation that is not in it',
      '{"query":"{ __typename }","operationName":"Other"}',
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'deeply nested JSON',
      `{"query":"{ __typename }","variables":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      400,
      'BAD_REQUEST',
    ],
  ])('%s', async (_name, body, status, code) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] };
    expect(errors[0]!.extensions.code).toBe(code);
    expect(errors[0]!.message).not.toBe('');
  });
});

describe('a document that costs too much', () => {
  it.each([
    ['5,000 aliases', () => `{ ${Array.from({ length: 5_000 }, (_, at) => `a${at}:__typename`).join(' ')} }`],
    ['too many words', () => `{ ${'__typename '.repeat(2_100)} }`],
    [
      'pages in pages',
      () =>
        '{ customers(first: 100) { nodes { subscriptions(first: 100) { nodes { items(first: 100) { nodes { id } } } } } } }',
    ],
    [
      'too many levels',
      () =>
        `{ customers { nodes { subscriptions { nodes ${'{ customer { subscriptions { nodes '.repeat(6)} { id } ${'} } }'.repeat(6)} } } } }`,
    ],
    [
      'a mutation with many calls',
      () =>
        `mutation { ${Array.from({ length: 6 }, (_, at) => `a${at}: createCustomer(input: { email: "a${at}@example.com" }) { customer { id } }`).join(' ')} }`,
    ],
    [
      'a query with many counts',
      () => `{ ${Array.from({ length: 21 }, (_, at) => `a${at}: customers { totalCount }`).join(' ')} }`,
    ],
    [
      'fragments that multiply',
      () => {
        const names = Array.from({ length: 30 }, (_, at) => `f${at}`);
        const fragments = names.map(
          (name, at) =>
            `fragment ${name} on Query { ${names[at + 1] ? `...${names[at + 1]} ...${names[at + 1]}` : '__typename'} }`,
        );
        return `{ ...f0 } ${fragments.join(' ')}`;
      },
    ],
  ])('%s', async (_name, document) => {
    const answer = await ask(billgraph, tenant.apiKey, document());
    expect(answer.status).toBe(400);
    expect(answer.data).toBeUndefined();
    expect(answer.errors!.length).toBeGreaterThan(0);
  });

  it('but not a large page of small things', async () => {
    const { errors } = await ask(
      billgraph,
      tenant.apiKey,
      '{ customers(first: 100) { nodes { subscriptions(first: 50) { nodes { id } } } } }',
    );
    expect(errors).toBeUndefined();
  });
});

describe('a request', () => {
  it('has an id on its answer, its errors and its log lines', async () => {
    const answer = await ask(billgraph, null, '{ customers { totalCount } }');
    const id = answer.headers.get('x-request-id')!;
    expect(answer.errors![0]!.extensions.requestId).toBe(id);
    expect(
      billgraph.logged
        .map((line) => JSON.parse(line))
        .some(({ requestId, status }) => requestId === id && status === 401),
    ).toBe(true);
  });

  it('by a form of another site is refused (CSRF)', async () => {
    const response = await post('query=mutation', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(response.status).toBe(400);
  });

  it('by GET answers a query and refuses a mutation', async () => {
    const get = (query: string) =>
      fetch(`${billgraph.url}/graphql?query=${encodeURIComponent(query)}`, {
        headers: { authorization: `Bearer ${tenant.apiKey}`, 'apollo-require-preflight': '1' },
      });
    expect(await (await get('{ customers { totalCount } }')).json()).toEqual({
      data: { customers: { totalCount: 0 } },
    });
    expect(
      (await get('mutation { createCustomerToken(input: { customerId: "x", scopes: [] }) { token } }')).status,
    ).toBe(405);
  });

  it('to an address where nothing is gets a 404 that says where the graph is', async () => {
    const response = await fetch(`${billgraph.url}/nothing`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });
});

it('whatever a variable holds, the answer is no 5xx', async () => {
  const odd = [
    '\0',
    '\ud800',
    '💳'.repeat(500),
    "'; drop table customer; --",
    '%',
    '../../etc/passwd',
    '{"$gt":""}',
    'null',
    '__proto__',
  ];
  for (const value of odd) {
    for (const by of ['id', 'externalId', 'email', 'stripeId']) {
      const answer = await ask(billgraph, tenant.apiKey, 'query ($by: CustomerBy!) { customer(by: $by) { id } }', {
        by: { [by]: value },
      });
      expect(answer.status, `${by}: ${JSON.stringify(value)}`).toBeLessThan(500);
      expect(refusalsOf(answer).map(({ code }) => code)).not.toContain('INTERNAL_SERVER_ERROR');
    }
  }
});

describe('health', () => {
  it('says that the process lives, and that it can work', async () => {
    expect(await (await fetch(`${billgraph.url}/health`)).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(`${billgraph.url}/ready`)).json()).toEqual({
      status: 'ready',
      checks: { database: true, migrations: true, graph: true, lanes: true, webhooks: true },
    });
  });
});
