import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSetupLink } from '../../src/tenancy/onboarding/create-setup-link.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant, testPublicUrl } from '../rig/billgraph.ts';
import { cookiesOf, createOperator, pageHeaders, signIn, type TestOperator } from '../rig/operator.ts';

/** What becomes of sessions, in the audit logs of the operator's teams, and of no others. */

let billgraph: Billgraph;
let tenant: TestTenant;
let owner: TestOperator;
let operator: TestOperator;
beforeAll(async () => {
  billgraph = await startBillgraph({ trustProxy: ['loopback'] });
  tenant = await createTenant(billgraph);
  owner = await createOperator(billgraph, tenant);
  operator = await createOperator(billgraph, tenant, 'MEMBER');
});
afterAll(() => billgraph.close());

let asked = 0;
/** Each from an address of its own: the limit on attempts is not what is tested. */
const post = async (path: string, body: object, cookie?: string) => {
  const ip = `203.0.113.${++asked}`;
  const headers = {
    'content-type': 'application/json',
    origin: pageHeaders.origin,
    'user-agent': 'a browser',
    'x-forwarded-for': ip,
    ...(cookie && { cookie }),
  };
  const answer = await fetch(`${billgraph.url}/auth${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return {
    ip,
    status: answer.status,
    cookie: cookiesOf(answer.headers),
    requestId: answer.headers.get('x-request-id'),
  };
};
const log = `query ($filter: AuditLogFilter) { auditLog(filter: $filter) { nodes {
  actor { kind id role } mutation subjectType subjectId before after projectId environment ip userAgent requestId } } }`;
const entries = async (filter: object, as = owner) => (await as.ask(log, { filter })).data.auditLog.nodes;
const entry = (mutation: string, { ip, requestId }: { ip: string; requestId: string | null }, change: object = {}) => ({
  actor: { kind: 'OPERATOR', id: operator.id, role: 'MEMBER' },
  mutation,
  subjectType: 'Operator',
  subjectId: operator.id,
  before: null,
  after: null,
  projectId: null,
  environment: null,
  ip,
  userAgent: 'a browser',
  requestId,
  ...change,
});
const session = { subjectType: 'OperatorSession', subjectId: expect.stringMatching(/^opses_/) };

it('tells of signing in and out, of ended sessions and a new password, and of nothing secret', async () => {
  const { email, password } = operator;
  const signedIn = await post('/sign-in/email', { email: email.toUpperCase(), password });
  const other = await signIn(billgraph, { email, password });
  const token = decodeURIComponent(other.split('=')[1]!).split('.')[0]!;
  const acts = [
    await post('/revoke-session', { token }, signedIn.cookie),
    await post('/revoke-session', { token: 'of somebody else' }, signedIn.cookie),
    await post('/revoke-other-sessions', {}, signedIn.cookie),
    await post(
      '/change-password',
      { currentPassword: password, newPassword: 'another long password' },
      signedIn.cookie,
    ),
    await post('/sign-out', {}, signedIn.cookie),
  ];
  expect(acts.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  const told = await entries({ actor: operator.id });
  expect(told).toEqual([
    entry('signIn', signedIn, session),
    entry('revokeSession', acts[0]!, session),
    entry('revokeOtherSessions', acts[2]!),
    entry('changePassword', acts[3]!, { after: '{"password":"[secret]"}' }),
    entry('signOut', acts[4]!, session),
  ]);
  expect(told[4].subjectId).toBe(told[0].subjectId);
  for (const secret of [token, password, 'another long password']) expect(JSON.stringify(told)).not.toContain(secret);
  operator.password = 'another long password';
});

it('tells of attempts that failed, by address and email; a request that ends nothing is told of nowhere', async () => {
  const failed = await post('/sign-in/email', { email: operator.email, password: 'wrong and long enough' });
  expect(failed.status).toBe(401);
  const byEmail = () => entries({ mutation: 'signInFailed', subject: operator.id });
  await expect.poll(byEmail).toEqual([
    entry('signInFailed', failed, {
      actor: { kind: 'ADDRESS', id: failed.ip, role: null },
      after: JSON.stringify({ email: operator.email }),
    }),
  ]);
  expect(await entries({ actor: failed.ip })).toEqual(await byEmail());
  expect((await post('/sign-in/email', { email: 'who@example.com', password: 'wrong and long enough' })).status).toBe(
    401,
  );
  await expect.poll(() => billgraph.logged.join()).toContain('an email that nobody has');
  const before = await entries({});
  for (const path of ['/sign-out', '/revoke-sessions']) await post(path, {}, 'billgraph.session_token=none.at.all');
  await post('/sign-in/email', { email: [], password: 'wrong and long enough' });
  expect(await entries({})).toEqual(before);
  expect(billgraph.logged.join()).not.toContain('wrong and long enough');
});

it('tells every team of his, and no other; and of who comes in by a link', async () => {
  const both = await createTenant(billgraph);
  const second = await createOperator(billgraph, both);
  const stranger = await createOperator(billgraph, await createTenant(billgraph));
  const invite = `mutation { inviteMember(input: { email: "${operator.email}", role: VIEWER }) { url } }`;
  const token = new URL((await second.ask(invite)).data.inviteMember.url).searchParams.get('token')!;
  const wrong = await post('/invitation', { token, password: 'wrong and long enough' });
  expect(wrong.status).toBe(400);
  await expect.poll(async () => (await entries({ actor: wrong.ip })).length).toBe(1);
  const joined = await post('/invitation', { token, password: operator.password });
  expect(joined.status).toBe(200);
  const filter = { actor: operator.id, mutation: 'signIn' };
  expect((await entries(filter)).at(-1)).toEqual(entry('signIn', joined, session));
  const role = { actor: { kind: 'OPERATOR', id: operator.id, role: 'VIEWER' } };
  expect(await entries(filter, second)).toEqual([entry('signIn', joined, { ...session, ...role })]);
  expect(await entries({}, stranger)).toEqual([]);

  const setup = (await createSetupLink({ em: billgraph.app.orm.em.fork() }, testPublicUrl)).slice(-32);
  const person = { name: 'Olive', email: 'first@example.com', password: 'a long enough password' };
  const first = await post('/setup', { token: setup, ...person });
  expect(first.status).toBe(200);
  expect(await entries({ actor: (await ownerOf(first.cookie)).id, mutation: 'signIn' })).toMatchObject([
    { ip: first.ip },
  ]);
});

const ownerOf = async (cookie: string) => (await owner.ask('{ viewer { id } }', {}, { cookie })).data.viewer;
