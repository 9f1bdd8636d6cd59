import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { refusalsOf } from '../rig/graph.ts';
import { createOperator, type TestOperator } from '../rig/operator.ts';

/** What people may send who are signed in. Nothing of it is a fault of the server's. */

let billgraph: Billgraph;
let tenant: TestTenant;
let owner: TestOperator;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  owner = await createOperator(billgraph, tenant);
});
afterAll(() => billgraph.close());

describe('an operator', () => {
  const settings = '{ projectSettings { environment } }';
  it.each(['billgraph-project', 'billgraph-team', 'billgraph-environment'])('may leave %s empty', async (name) => {
    const answer = await owner.ask(settings, {}, { [name]: '' });
    expect(answer.status).toBeLessThan(500);
    const rename = `mutation { createCustomer(input: { email: "a-${name}@example.com" }) { customer { id } } }`;
    const made = await owner.ask(rename, {}, { [name]: '' });
    expect(made.status).toBeLessThan(500);
    expect(refusalsOf(made).map(({ code }) => code)).not.toContain('INTERNAL_SERVER_ERROR');
  });

  it.each(['%', '%00', '%E0%A4%A', '', 'a.b.c', '%22', 'x'.repeat(5_000), '"', '=;='])(
    'with the cookie %.20j is nobody',
    async (value) => {
      const answer = await owner.ask(settings, {}, { cookie: `billgraph.session_token=${value}` });
      expect([answer.status, ...refusalsOf(answer)]).toEqual([401, { code: 'UNAUTHENTICATED' }]);
    },
  );

  it.each([
    ['apiKeyUsage', '{ apiKeyUsage(keyId: "key_x", from: "0000-01-01", to: "0000-01-02") { day } }'],
    ['apiKeyUsage', '{ apiKeyUsage(keyId: "$key", from: "0000-01-01", to: "0000-01-02") { day } }'],
    ['apiKeyUsage', '{ apiKeyUsage(keyId: "$key", from: "0001-01-01", to: "0001-01-02") { day } }'],
    ['auditLog', '{ auditLog(filter: { from: "0000-01-01T00:00:00Z" }) { nodes { id } } }'],
    ['auditLog', '{ auditLog(filter: { from: "0001-01-01T00:00:00+23:00" }) { nodes { id } } }'],
    ['auditLog', '{ auditLog(filter: { to: "9999-12-31T23:59:59-23:59" }) { nodes { id } } }'],
    [
      'auditLog',
      '{ auditLog(filter: { actor: "\\u0000", subject: "\\ud800", mutation: "\\u0000" }) { nodes { id } } }',
    ],
    ['auditLog', '{ auditLog(after: "\\u0000") { nodes { id } } }'],
    [
      'apiKeys',
      `{ apiKeys(after: "${Buffer.from('2026-01-01 00:00:00+00 key_\0').toString('base64url')}") { nodes { id } } }`,
    ],
    ['invitations', `{ team { invitations(before: "${Buffer.from('x').toString('base64url')}") { nodes { id } } } }`],
    [
      'createApiKey',
      'mutation { createApiKey(input: { name: "\\u0000", scopes: [], projectIds: ["$project"], environment: TEST }) { secret } }',
    ],
    [
      'createApiKey',
      'mutation { createApiKey(input: { name: "far", scopes: [], projectIds: ["$project"], environment: TEST, expiresAt: "9999-12-31T23:59:59-23:59" }) { secret } }',
    ],
    [
      'createApiKey',
      'mutation { createApiKey(input: { name: "ips", scopes: [], projectIds: ["$project"], environment: TEST, allowedIps: ["fe80::1%\\u0000", "::/0"] }) { secret } }',
    ],
    [
      'createApiKey',
      'mutation { createApiKey(input: { name: "ips", scopes: ["\\u0000"], projectIds: ["\\u0000"], environment: TEST }) { secret } }',
    ],
    ['rotateApiKey', 'mutation { rotateApiKey(input: { apiKeyId: "\\u0000" }) { secret } }'],
    ['removeMember', 'mutation { removeMember(input: { memberId: "\\u0000" }) { memberId } }'],
    ['leaveTeam', 'mutation { leaveTeam(input: { teamId: "\\u0000" }) { teamId } }'],
    ['inviteMember', 'mutation { inviteMember(input: { email: "a\\u0000@example.com", role: VIEWER }) { url } }'],
    ['acceptInvitation', 'mutation { acceptInvitation(input: { token: "\\u0000" }) { teamId } }'],
    ['updateProject', 'mutation { updateProject(input: { projectId: "prj_\\u0000", name: "x" }) { project { id } } }'],
    [
      'settings',
      'mutation { updateProjectSettings(input: { redirectOrigins: ["https://a\\u0000.example"] }) { settings { environment } } }',
    ],
    ['settings', 'mutation { updateProjectSettings(input: { defaultPlan: "\\u0000" }) { settings { environment } } }'],
    [
      'settings',
      'mutation { updateProjectSettings(input: { plans: [{ name: "p\\u0000", priceId: "pri_\\u0000" }] }) { settings { environment } } }',
    ],
    [
      'settings',
      'mutation { updateProjectSettings(input: { selfServicePriceIds: ["pri_\\u0000"] }) { settings { environment } } }',
    ],
    [
      'settings',
      'mutation { updateProjectSettings(input: { appTokens: { issuer: "i", audience: "a", jwksUrl: "https://a.example/%00\\u0000\\ud800", scopes: ["\\u0000"] } }) { settings { environment } } }',
    ],
    [
      'settings',
      'mutation { updateProjectSettings(input: { appTokens: { issuer: "i", audience: "a2", jwksUrl: "https://a.example/\\u0000", customerClaim: "__proto__", scopes: [] } }) { settings { appTokens { jwksUrl } } } }',
    ],
    [
      'connectStripe',
      'mutation { connectStripe(input: { environment: LIVE, secretKey: "sk_live_\\u0000aaaaaaaaaaaaaa" }) { connection { id } } }',
    ],
    [
      'rollWebhookSecret',
      'mutation { rollWebhookSecret(input: { environment: TEST, overlap: -2147483648 }) { connection { id } } }',
    ],
    ['viewer', '{ viewer { can(scope: "__proto__") c: can(scope: "constructor") } }'],
    ['webhookEvents', '{ webhookEvents(filter: { type: "\\u0000" }) { nodes { id } } }'],
  ])('may ask %s anything: %s', async (_name, document) => {
    const keys = await owner.ask('{ apiKeys { nodes { id } } }');
    const asked = document.replace('$key', keys.data.apiKeys.nodes[0].id).replaceAll('$project', tenant.projectId);
    const { status, errors } = await owner.ask(asked);
    expect({ status, errors: errors?.filter(({ extensions }) => extensions.code === 'INTERNAL_SERVER_ERROR') }).toEqual(
      {
        status: expect.toSatisfy((code: number) => code < 500),
        errors: errors && [],
      },
    );
  });
});

it('an instant is one from the year 1 to 9999, in UTC; 1970 began with one', async () => {
  const count = (to: string) =>
    owner.ask('query ($to: DateTime) { auditLog(filter: { to: $to }) { totalCount } }', { to });
  for (const to of ['1970-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'])
    expect((await count(to)).errors).toBeUndefined();
  for (const to of ['0000-12-31T23:59:59Z', '0001-01-01T00:00:00+00:01', '9999-12-31T23:59:59-00:01'])
    expect(refusalsOf(await count(to))).toEqual([{ code: 'BAD_USER_INPUT' }]);
});

it('a key that lives as long as can be told is rotated', async () => {
  const create = `mutation { createApiKey(input: { name: "far", scopes: [], projectIds: ["${tenant.projectId}"], environment: TEST, expiresAt: "9999-12-31T23:59:59.999Z" }) { apiKey { id } } }`;
  const { id } = (await owner.ask(create)).data.createApiKey.apiKey;
  const rotate = 'mutation ($id: ID!) { rotateApiKey(input: { apiKeyId: $id }) { apiKey { expiresAt } } }';
  expect((await owner.ask(rotate, { id })).data.rotateApiKey.apiKey.expiresAt).toBe('9999-12-31T23:59:59.999Z');
});
