import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSchema } from '../../src/graphql/build-schema.ts';
import { ApiKey } from '../../src/identity/access/api-key.entity.ts';
import { hashApiKey } from '../../src/identity/access/api-key-format.ts';
import { classOfRootField, limitsWith } from '../../src/limits/limit-classes.ts';
import { setRateLimits } from '../../src/limits/set-rate-limits.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { slowCounter } from '../rig/counters.ts';
import { type Answer, ask, refusalsOf } from '../rig/graph.ts';
import { createOperator } from '../rig/operator.ts';

const limits = {
  STATE: 3,
  CUSTOMER_QUERIES: 3,
  CUSTOMER_CREATES: 3,
  USAGE: 3,
  ANALYTICS: 3,
  READS: 3,
  WRITES: 3,
  CUSTOMERS: 3,
  OPERATOR: 3,
  OPERATORS: 5,
};

let billgraph: Billgraph;
let tenant: TestTenant;
let customerId: string;
beforeAll(async () => {
  billgraph = await startBillgraph({ rateLimits: limitsWith(limits), counter: slowCounter() });
  tenant = await createTenant(billgraph);
  const made = await ask(billgraph, tenant.apiKey, createCustomer, { input: { email: 'ada@example.com' } });
  customerId = made.data.createCustomer.customer.id;
});
afterAll(() => billgraph.close());

const createCustomer = 'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id } } }';
const createToken = 'mutation ($input: CreateCustomerTokenInput!) { createCustomerToken(input: $input) { token } }';

const reportUsage = 'mutation ($input: ReportUsageInput!) { reportUsage(input: $input) { rejected } }';

const questions = {
  STATE: ['{ customer(by: { externalId: "u_1" }) { id } }'],
  CUSTOMER_QUERIES: ['{ customers { totalCount } }'],
  CUSTOMER_CREATES: [createCustomer, { input: { email: 'no address' } }],
  USAGE: [reportUsage, { input: { events: [{ meter: 'none' }] } }],
  ANALYTICS: ['{ mrrMovements { currency } }'],
  READS: ['{ products { totalCount } }'],
  WRITES: [createToken, { input: { customerId: 'pc_none', scopes: [] } }],
} as const satisfies Record<string, [string, object?]>;

const askAs = (key: string, limitClass: keyof typeof questions) => {
  const [query, variables = {}] = questions[limitClass] as [string, Record<string, unknown>?];
  return ask(billgraph, key, query, variables);
};
const remaining = ({ headers }: Answer) => Number(headers.get('ratelimit-remaining'));

async function newToken(scopes = ['customers:read'], of = customerId): Promise<string> {
  const key = await tenant.newApiKey({});
  return (await ask(billgraph, key, createToken, { input: { customerId: of, scopes } })).data.createCustomerToken.token;
}

function expectRefused(answer: Answer) {
  expect(answer.status).toBe(429);
  expect(answer.data).toBeUndefined();
  expect(refusalsOf(answer)).toEqual([{ code: 'RATE_LIMITED', field: undefined }]);
  const { retryAfter, retryable, requestId } = answer.errors![0]!.extensions;
  expect(retryable).toBe(true);
  expect(retryAfter).toBeGreaterThanOrEqual(1);
  expect(answer.headers.get('retry-after')).toBe(String(retryAfter));
  expect(answer.headers.get('ratelimit-remaining')).toBe('0');
  expect(requestId).toBe(answer.headers.get('x-request-id'));
}

describe('a key', () => {
  it.each(Object.keys(questions) as (keyof typeof questions)[])('has %s of its own', async (limitClass) => {
    const [key, other] = [await tenant.newApiKey({}), await tenant.newApiKey({})];
    for (const left of [2, 1, 0]) {
      const answer = await askAs(key, limitClass);
      expect(answer.status).not.toBe(429);
      expect(remaining(answer)).toBe(left);
      expect(answer.headers.get('ratelimit-limit')).toBe('3');
      expect(answer.headers.get('ratelimit-policy')).toMatch(new RegExp(`^3;w=\\d+;name="${limitClass}"$`));
      expect(Number(answer.headers.get('ratelimit-reset'))).toBeGreaterThan(0);
      expect(answer.headers.get('retry-after')).toBeNull();
    }
    expectRefused(await askAs(key, limitClass));
    expectRefused(await askAs(key, limitClass));
    const elsewhere = Object.keys(questions).find((one) => one !== limitClass) as keyof typeof questions;
    expect(remaining(await askAs(key, elsewhere))).toBe(2);
    expect(remaining(await askAs(other, limitClass))).toBe(2);
  });

  it('spends once for a request, the short way and the long one', async () => {
    const key = await tenant.newApiKey({});
    await setRateLimits({ em: billgraph.app.orm.em.fork() }, await keyOf(key), { STATE: 50 });
    for (let left = 49; left > 40; left--) expect(remaining(await askAs(key, 'STATE'))).toBe(left);
    // A document that fails is answered the long way each time.
    const failing = '{ customer(by: { externalId: "u_1", email: "a@b.co" }) { id } }';
    expect(remaining(await ask(billgraph, key, failing))).toBe(2);
  });

  it('spends more for what may answer more', async () => {
    const key = await tenant.newApiKey({});
    await setRateLimits({ em: billgraph.app.orm.em.fork() }, await keyOf(key), { CUSTOMER_QUERIES: 100 });
    const pages = `query ($first: Int) { customers(first: $first) { nodes { subscriptions(first: 9) { nodes { id } } } } }`;
    let left = 100;
    // Each customer with a page of nine: 1 + 9 and the page itself are up to 19 objects.
    for (const [first, points] of [
      [1, 1],
      [50, 2],
      [100, 4],
      [1, 1],
      [100, 4],
    ] as const) {
      left -= points;
      expect(remaining(await ask(billgraph, key, pages, { first })), `first: ${first}`).toBe(left);
    }
  });

  it('pays for each event that it reports', async () => {
    const key = await tenant.newApiKey({});
    const report = (count: number) =>
      ask(billgraph, key, reportUsage, { input: { events: Array(count).fill({ meter: 'none' }) } });
    expect(remaining(await report(2))).toBe(1);
    expectRefused(await report(2));
  });

  it('may spend all of a limit on what costs more than that', async () => {
    const key = await tenant.newApiKey({});
    const large = '{ customers(first: 100) { nodes { subscriptions(first: 90) { nodes { id } } } } }';
    const answer = await ask(billgraph, key, large);
    expect(answer.errors).toBeUndefined();
    expect(remaining(answer)).toBe(0);
    expectRefused(await askAs(key, 'CUSTOMER_QUERIES'));
  });

  it('is refused a whole request where one of its fields is', async () => {
    const key = await tenant.newApiKey({});
    for (let n = 0; n < 3; n++) await askAs(key, 'CUSTOMER_QUERIES');
    const both = await ask(billgraph, key, '{ customer(by: { externalId: "u_1" }) { id } customers { totalCount } }');
    expectRefused(both);
    expect(both.headers.get('ratelimit-policy')).toContain('name="STATE"');
    expect(both.headers.get('ratelimit-policy')).toContain('name="CUSTOMER_QUERIES"');
  });

  it('writes nothing where it is refused', async () => {
    const key = await tenant.newApiKey({});
    for (let n = 0; n < 3; n++) await askAs(key, 'CUSTOMER_CREATES');
    expectRefused(await ask(billgraph, key, createCustomer, { input: { email: 'late@example.com' } }));
    const found = await ask(billgraph, key, '{ customer(by: { email: "late@example.com" }) { id } }');
    expect(found.data).toEqual({ customer: null });
  });

  it.each([
    ['does not parse', '{'],
    ['does not fit the schema', '{ nothing }'],
    [
      'asks for too much',
      '{ customers(first: 100) { nodes { subscriptions(first: 100) { nodes { customer { id subscriptions(first: 100) { nodes { id } } } } } } } }',
    ],
    [
      'has too many root fields',
      `{ ${Array.from({ length: 21 }, (_, n) => `p${n}: products { totalCount }`).join(' ')} }`,
    ],
  ])('pays for a document that %s', async (_name, document) => {
    const key = await tenant.newApiKey({});
    for (const left of [2, 1, 0]) expect(remaining(await ask(billgraph, key, document))).toBe(left);
    expectRefused(await ask(billgraph, key, document));
  });

  it('pays for a body that is not JSON', async () => {
    const key = await tenant.newApiKey({});
    const send = () =>
      fetch(`${billgraph.url}/graphql`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: '{' });
    for (let n = 0; n < 3; n++) expect((await send()).status).toBe(400);
    expect((await send()).status).toBe(429);
  });
});

describe('a customer', () => {
  it('has one limit, whatever his tokens ask', async () => {
    const [one, two] = [await newToken(), await newToken(['customers:read', 'products:read'])];
    const state = '{ customer(by: { externalId: "u_1" }) { id } }';
    const first = await ask(billgraph, one, state);
    expect(first.headers.get('ratelimit-policy')).toMatch(/^3;w=60;name="CUSTOMERS"$/);
    expect(remaining(first)).toBe(2);
    expect(remaining(await ask(billgraph, two, '{ products { totalCount } }'))).toBe(1);
    expect(remaining(await ask(billgraph, one, '{ nothing }'))).toBe(0);
    expectRefused(await ask(billgraph, two, state));
    // The key that mints his tokens has limits of its own.
    const key = await tenant.newApiKey({});
    expect((await askAs(key, 'STATE')).status).toBe(200);
  });
});

describe('operators', () => {
  it('have a limit each, and one together, behind which owners go on; no other team has it', async () => {
    const busy = await createTenant(billgraph);
    const [owner, viewer, member] = [
      await createOperator(billgraph, busy),
      await createOperator(billgraph, busy, 'VIEWER'),
      await createOperator(billgraph, busy, 'MEMBER'),
    ];
    const question = '{ viewer { role } }';
    const first = await viewer.ask('{ products { totalCount } }');
    expect(first.headers.get('ratelimit-policy')).toContain('3;w=3600;name="OPERATOR"');
    expect(first.headers.get('ratelimit-policy')).toContain('5;w=3600;name="OPERATORS"');
    expect(remaining(first)).toBe(2);
    expect(remaining(await viewer.ask('{ nothing }'))).toBe(1);
    expect(remaining(await viewer.ask(question))).toBe(0);
    // He spends his own, and not what the others have.
    for (let n = 0; n < 4; n++) expectRefused(await viewer.ask(question));
    expect(remaining(await member.ask(question))).toBe(1);
    expect(remaining(await member.ask(question))).toBe(0);
    expectRefused(await member.ask(question));
    for (let n = 0; n < 3; n++) expect((await owner.ask(question)).status).toBe(200);
    expectRefused(await owner.ask(question));
    const elsewhere = await createOperator(billgraph, tenant);
    expect(remaining(await elsewhere.ask(question))).toBe(2);
  });

  it('in no team have limits too', async () => {
    const nobody = await createOperator(billgraph, null);
    for (const left of [2, 1, 0]) expect(remaining(await nobody.ask('{ viewer { role } }'))).toBe(left);
    expectRefused(await nobody.ask('{ viewer { role } }'));
  });
});

describe('limits of their own', () => {
  it('have teams, and keys before teams', async () => {
    const em = billgraph.app.orm.em.fork();
    const special = await createTenant(billgraph);
    await setRateLimits({ em }, { teamId: special.teamId }, { READS: 7, CUSTOMERS: 9 });
    const [plain, own, reset] = [await special.newApiKey({}), await special.newApiKey({}), await special.newApiKey({})];
    await setRateLimits({ em }, await keyOf(own), { READS: 11 });
    await setRateLimits({ em }, await keyOf(reset), { READS: 11 });
    await setRateLimits({ em }, await keyOf(reset), { READS: null });
    expect(remaining(await askAs(plain, 'READS'))).toBe(6);
    expect(remaining(await askAs(own, 'READS'))).toBe(10);
    expect(remaining(await askAs(reset, 'READS'))).toBe(6);
    expect(remaining(await askAs(own, 'WRITES'))).toBe(2);
    const made = await ask(billgraph, special.apiKey, createCustomer, { input: { email: 'ada@example.com' } });
    const input = { customerId: made.data.createCustomer.customer.id, scopes: ['customers:read'] };
    const { token } = (await ask(billgraph, plain, createToken, { input })).data.createCustomerToken;
    expect(remaining(await ask(billgraph, token, '{ customer(by: { externalId: "u_1" }) { id } }'))).toBe(8);
  });

  it('are given to a team by its owners and admins, and every process keeps to them at once', async () => {
    const set =
      'mutation ($input: UpdateTeamInput!) { updateTeam(input: $input) { team { name rateLimits { limitClass points } } } }';
    const special = await createTenant(billgraph);
    const [owner, member] = [
      await createOperator(billgraph, special, 'OWNER'),
      await createOperator(billgraph, special, 'MEMBER'),
    ];
    const limited = async (points: number | null, as = owner) =>
      as.ask(set, { input: { rateLimits: [{ limitClass: 'CUSTOMER_QUERIES', points }] } });
    const limit = async () => Number((await askAs(special.apiKey, 'CUSTOMER_QUERIES')).headers.get('ratelimit-limit'));
    await setRateLimits({ em: billgraph.app.orm.em.fork() }, special, { OPERATOR: 100, OPERATORS: 100 });
    const byDefault = await limit();
    const { data } = await limited(77);
    expect(data.updateTeam.team).toMatchObject({
      name: 'Acme',
      rateLimits: expect.arrayContaining([{ limitClass: 'CUSTOMER_QUERIES', points: 77 }]),
    });
    // Sooner than what is known of a key is forgotten by itself.
    await expect.poll(limit, { timeout: 2_000 }).toBe(77);
    expect((await limited(null)).data.updateTeam.team.rateLimits).toEqual([
      { limitClass: 'OPERATOR', points: 100 },
      { limitClass: 'OPERATORS', points: 100 },
    ]);
    await expect.poll(limit, { timeout: 2_000 }).toBe(byDefault);
    expect(refusalsOf(await limited(0))).toEqual([{ code: 'BAD_USER_INPUT', field: 'rateLimits.CUSTOMER_QUERIES' }]);
    expect(refusalsOf(await limited(5, member))).toEqual([{ code: 'FORBIDDEN' }]);
  });

  it.each([0, -1, 1.5, Number.NaN, 1e12])('are refused out of range: %s', async (points) => {
    const change = setRateLimits({ em: billgraph.app.orm.em.fork() }, { teamId: tenant.teamId }, { READS: points });
    await expect(change).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { field: 'rateLimits.READS' } });
  });

  it('are refused for a key of another team', async () => {
    const other = await createTenant(billgraph);
    const { apiKeyId } = await keyOf(other.apiKey);
    const change = setRateLimits({ em: billgraph.app.orm.em.fork() }, { teamId: tenant.teamId, apiKeyId }, {});
    await expect(change).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('what has no limits of these', () => {
  it('is a request without a credential, the health routes, the public keys, and webhooks', async () => {
    for (let n = 0; n < 6; n++) {
      const answer = await ask(billgraph, null, '{ __typename }');
      expect(answer.data).toEqual({ __typename: 'Query' });
      expect(answer.headers.get('ratelimit-limit')).toBeNull();
      for (const path of ['/health', '/.well-known/jwks.json'])
        expect((await fetch(billgraph.url + path)).status).toBe(200);
      const webhook = await fetch(`${billgraph.url}/webhooks/stripe/conn_none`, { method: 'POST', body: '{}' });
      expect(webhook.status).not.toBe(429);
    }
  });
});

it('names only root fields that there are', () => {
  const schema = buildSchema();
  const roots = {
    query: schema.getQueryType()!,
    mutation: schema.getMutationType()!,
    subscription: schema.getSubscriptionType()!,
  };
  const unknown = Object.keys(classOfRootField).filter((name) => {
    const [operation, field] = name.split(' ') as [keyof typeof roots, string];
    return !roots[operation].getFields()[field];
  });
  expect(unknown).toEqual([]);
});

/** The id of a key, with its team. */
async function keyOf(secret: string): Promise<{ teamId: string; apiKeyId: string }> {
  const { id, team } = await billgraph.app.orm.em.fork().findOneOrFail(ApiKey, { hash: hashApiKey(secret) });
  return { teamId: team.id, apiKeyId: id };
}
