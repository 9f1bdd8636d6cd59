import { getMigrations } from 'better-auth/db/migration';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionPruningLane } from '../../src/identity/operators/prune-sessions.ts';
import { wakeLanes } from '../../src/lanes/wake-lanes.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { cookiesOf, createOperator, pageHeaders, signIn, type TestOperator } from '../rig/operator.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let operator: TestOperator;
beforeAll(async () => {
  billgraph = await startBillgraph({
    trustedOrigins: ['https://dashboard.example.com'],
    corsOrigins: ['https://app.example.com'],
  });
  tenant = await createTenant(billgraph);
  operator = await createOperator(billgraph, tenant, 'MEMBER');
});
afterAll(() => billgraph.close());

const query = '{ customers { totalCount } }';
const sql = (text: string, values: unknown[] = []) =>
  billgraph.app.orm.em.getConnection().execute(text, values as never);
const auth = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${billgraph.url}/auth${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: pageHeaders.origin, ...headers },
    body: JSON.stringify(body),
  });

describe('a session', () => {
  it('answers in the only project, in TEST', async () => {
    expect((await operator.ask(query)).data).toEqual({ customers: { totalCount: 0 } });
  });

  it('answers a query that was asked before, by the same rules', async () => {
    for (let time = 0; time < 4; time++) expect((await operator.ask(query)).errors).toBeUndefined();
    const strange = await operator.ask(query, {}, { origin: 'https://evil.example' });
    expect(refusalsOf(strange)).toEqual([{ code: 'FORBIDDEN' }]);
    const none = await ask(billgraph, null, query);
    expect(refusalsOf(none)).toEqual([{ code: 'UNAUTHENTICATED' }]);
  });

  it('begins by signing in, with a cookie that scripts and other sites do not get', async () => {
    const answer = await auth('/sign-in/email', { email: operator.email.toUpperCase(), password: operator.password });
    expect(answer.status).toBe(200);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^billgraph\.session_token=.*HttpOnly.*SameSite=Lax/);
    const cookie = cookiesOf(answer.headers);
    expect((await operator.ask(query, {}, { cookie })).errors).toBeUndefined();
  });

  it('is not the one that was there before signing in', async () => {
    const { email, password } = operator;
    const fixed = await signIn(billgraph, { email, password });
    const answer = await auth('/sign-in/email', { email, password }, { cookie: fixed });
    expect(answer.status).toBe(200);
    expect(cookiesOf(answer.headers)).not.toBe(fixed);
    const invented = 'billgraph.session_token=chosen-by-somebody-else.c2lnbmF0dXJl';
    const again = await auth('/sign-in/email', { email, password }, { cookie: invented });
    expect(cookiesOf(again.headers)).not.toContain('chosen-by-somebody-else');
    expect((await operator.ask(query, {}, { cookie: invented })).status).toBe(401);
  });
});

describe('is refused', () => {
  it('a session that has expired', async () => {
    const cookie = await signIn(billgraph, operator);
    expect((await operator.ask(query, {}, { cookie })).errors).toBeUndefined();
    await sql(`update operator_session set expires_at = now() - interval '1 second' where token = ?`, [
      tokenOf(cookie),
    ]);
    const answer = await operator.ask(query, {}, { cookie });
    expect([answer.status, ...refusalsOf(answer)]).toEqual([401, { code: 'UNAUTHENTICATED' }]);
  });

  it('a session after signing out', async () => {
    const cookie = await signIn(billgraph, operator);
    expect((await auth('/sign-out', {}, { cookie })).status).toBe(200);
    expect(refusalsOf(await operator.ask(query, {}, { cookie }))).toEqual([{ code: 'UNAUTHENTICATED' }]);
  });

  it('a token of the database without our signature', async () => {
    const cookie = `billgraph.session_token=${tokenOf(operator.cookie)}`;
    expect((await operator.ask(query, {}, { cookie })).status).toBe(401);
    expect((await operator.ask(query, {}, { cookie: `${cookie}.AAAA` })).status).toBe(401);
  });

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a look-alike', { origin: `${pageHeaders.origin}.evil.example` }],
    ['a page without an origin', { origin: 'null' }],
    ['another site, as its browser says', { 'sec-fetch-site': 'cross-site' }],
    ['a subdomain, as its browser says', { 'sec-fetch-site': 'same-site' }],
    ['who knows where', {}],
  ])('a cookie that comes from %s', async (_name, site: Record<string, string>) => {
    const headers = { cookie: operator.cookie, 'apollo-require-preflight': 'true', ...site };
    const answer = await ask(billgraph, null, query, {}, headers);
    expect([answer.status, ...refusalsOf(answer)]).toEqual([403, { code: 'FORBIDDEN' }]);
    // Not even what anybody may ask.
    expect((await ask(billgraph, null, '{ viewer { id } }', {}, headers)).status).toBe(403);
  });

  it.each(['', '%E0%A4%A', '%', '.', 'a.b.c', '%00', '\xff', '=', `${'x'.repeat(3000)}.${'y'.repeat(44)}`])(
    'a cookie that is none: %j',
    async (value) => {
      const answer = await operator.ask(query, {}, { cookie: `billgraph.session_token=${value}` });
      expect([answer.status, ...refusalsOf(answer)]).toEqual([401, { code: 'UNAUTHENTICATED' }]);
    },
  );

  it.each([
    '',
    '{',
    'null',
    '[]',
    '"x"',
    '{"email":1,"password":[]}',
    '{"email":"a\\u0000@example.com","password":"x"}',
  ])('a sign-in that makes no sense: %s', async (body) => {
    await sql('delete from operator_rate_limit');
    const headers = { 'content-type': 'application/json', origin: pageHeaders.origin };
    const answer = await fetch(`${billgraph.url}/auth/sign-in/email`, { method: 'POST', headers, body });
    expect([400, 401, 415]).toContain(answer.status);
  });

  it('a cookie without a header that browsers ask for leave to send', async () => {
    const answer = await ask(billgraph, null, query, {}, { cookie: operator.cookie, origin: pageHeaders.origin });
    expect([answer.status, ...refusalsOf(answer)]).toEqual([403, { code: 'FORBIDDEN' }]);
    expect(answer.errors![0]!.message).toContain('Apollo-Require-Preflight');
  });
});

it('takes a cookie from a page of its own that says no origin, and from one that is configured', async () => {
  const headers = { cookie: operator.cookie, 'apollo-require-preflight': 'true' };
  const own = await ask(billgraph, null, query, {}, { ...headers, 'sec-fetch-site': 'same-origin' });
  expect(own.errors).toBeUndefined();
  const dashboard = await ask(billgraph, null, query, {}, { ...headers, origin: 'https://dashboard.example.com' });
  expect(dashboard.errors).toBeUndefined();
});

it('takes the header where a cookie is beside it', async () => {
  const key = await tenant.newApiKey({ scopes: ['products:read'] });
  const headers = { cookie: operator.cookie, origin: 'https://evil.example' };
  const answer = await ask(billgraph, key, '{ viewer { kind } }', {}, headers);
  expect(answer.data).toEqual({ viewer: { kind: 'API_KEY' } });
  expect((await ask(billgraph, 'nonsense', '{ viewer { kind } }', {}, headers)).status).toBe(401);
});

it('lets the browser hand the cookie to pages of configured origins alone', async () => {
  const preflight = async (origin: string) => {
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,apollo-require-preflight',
    };
    const answer = await fetch(`${billgraph.url}/graphql`, { method: 'OPTIONS', headers });
    return ['access-control-allow-origin', 'access-control-allow-credentials'].map((name) => answer.headers.get(name));
  };
  expect(await preflight('https://dashboard.example.com')).toEqual(['https://dashboard.example.com', 'true']);
  expect(await preflight('https://app.example.com')).toEqual(['https://app.example.com', null]);
  expect(await preflight('https://evil.example')).toEqual([null, null]);
});

it('keeps the tables that better-auth writes, to the column', async () => {
  const { toBeCreated, toBeAdded } = await getMigrations(billgraph.app.auth.options);
  expect([toBeCreated, toBeAdded]).toEqual([[], []]);
});

it('forgets what has expired', async () => {
  const kept = await signIn(billgraph, operator);
  const gone = await signIn(billgraph, operator);
  await sql(`update operator_session set expires_at = now() - interval '1 minute' where token = ?`, [tokenOf(gone)]);
  await sql(`insert into operator_rate_limit values ('oprl_1', 'old', 1, 0), ('oprl_2', 'new', 1, ?)`, [Date.now()]);
  await wakeLanes(billgraph.app.orm.em.fork(), [sessionPruningLane]);
  await billgraph.settled();
  const tokens = (await sql('select token from operator_session')).map(({ token }) => token);
  expect(tokens).toContain(tokenOf(kept));
  expect(tokens).not.toContain(tokenOf(gone));
  const keys = (await sql('select key from operator_rate_limit')).map(({ key }) => key);
  expect(keys).toContain('new');
  expect(keys).not.toContain('old');
});

const tokenOf = (cookie: string) => decodeURIComponent(cookie.split('=')[1]!).split('.')[0]!;
