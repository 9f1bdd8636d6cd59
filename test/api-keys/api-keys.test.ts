import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKey } from '../../src/identity/access/api-key.entity.ts';
import { keyScopes, operatorScopes } from '../../src/identity/access/scopes.ts';
import { type Billgraph, createTenant, startAnother, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { createOperator, type TestOperator } from '../rig/operator.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let admin: TestOperator;
beforeAll(async () => {
  billgraph = await startBillgraph({ trustProxy: ['loopback'] });
  tenant = await createTenant(billgraph);
  admin = await createOperator(billgraph, tenant, 'ADMIN');
});
afterAll(() => billgraph.close());

const fields =
  'id name prefix lastFour environment projectIds scopes allowedIps rateLimits { limitClass points } expiresAt revokedAt lastUsedAt createdAt';
const create = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { ${fields} } } }`;
const update = `mutation ($input: UpdateApiKeyInput!) { updateApiKey(input: $input) { apiKey { ${fields} } } }`;
const revoke = `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { apiKey { ${fields} } } }`;
const rotate = `mutation ($input: RotateApiKeyInput!) { rotateApiKey(input: $input) { secret apiKey { ${fields} } rotated { ${fields} } } }`;
const usage =
  'query ($id: ID!, $from: String!, $to: String!) { apiKeyUsage(keyId: $id, from: $from, to: $to) { day requests weight refused } }';
const customers = '{ customers { totalCount } }';

const inputOf = (changes: object = {}) => ({
  name: 'Backend',
  scopes: ['customers:read'],
  projectIds: [tenant.projectId],
  environment: 'TEST',
  ...changes,
});
async function newKey(changes: object = {}) {
  const { data, errors } = await admin.ask(create, { input: inputOf(changes) });
  if (errors) throw new Error(errors[0]!.message);
  return data.createApiKey as { secret: string; apiKey: Record<string, any> };
}
const statusOf = async (at: { url: string }, secret: string, headers = {}) =>
  (await ask(at, secret, customers, {}, headers)).status;
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000);

describe('createApiKey', () => {
  it('answers a secret once, which works by its scopes', async () => {
    const { secret, apiKey } = await newKey({
      allowedIps: ['127.0.0.1', '::1'],
      rateLimits: [{ limitClass: 'READS', points: 7 }],
    });
    expect(secret).toMatch(/^bs_test_[0-9A-Za-z]{36}$/);
    expect(apiKey).toMatchObject({
      name: 'Backend',
      prefix: 'bs_test_',
      lastFour: secret.slice(-4),
      environment: 'TEST',
      projectIds: [tenant.projectId],
      scopes: ['customers:read'],
      allowedIps: ['127.0.0.1', '::1'],
      rateLimits: [{ limitClass: 'READS', points: 7 }],
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
    });
    const answer = await ask(billgraph, secret, customers);
    expect(answer.data).toEqual({ customers: { totalCount: 0 } });
    expect(refusalsOf(await ask(billgraph, secret, '{ products { totalCount } }'))).toEqual([{ code: 'FORBIDDEN' }]);
    const reads = await ask(billgraph, secret, '{ __typename }');
    expect(reads.headers.get('ratelimit-limit')).toBe('7');
    const rows = await billgraph.app.orm.em.getConnection().execute('select row_to_json(k)::text from api_key k');
    expect(JSON.stringify(rows)).not.toContain(secret.slice(8, -6));
    expect(billgraph.logged.join()).not.toContain(secret.slice(8, -6));
  });

  it('makes a key for LIVE, and one without rights', async () => {
    expect((await newKey({ environment: 'LIVE' })).secret).toMatch(/^bs_live_/);
    const { secret } = await newKey({ scopes: [] });
    expect(refusalsOf(await ask(billgraph, secret, customers))).toEqual([{ code: 'FORBIDDEN' }]);
  });

  it.each([
    ['a name that is empty', { name: ' ' }, 'BAD_USER_INPUT', 'name'],
    ['a scope that there is not', { scopes: ['customers:read', 'everything'] }, 'BAD_USER_INPUT', 'scopes.1'],
    ['no project', { projectIds: [] }, 'BAD_USER_INPUT', 'projectIds'],
    ['a project that there is not', { projectIds: ['prj_none'] }, 'NOT_FOUND', 'projectIds.0'],
    ['an end that is past', { expiresAt: inHours(-1) }, 'BAD_USER_INPUT', 'expiresAt'],
    ['a network that is none', { allowedIps: ['10.0.0.0/8', '10.0.0.0/33'] }, 'BAD_USER_INPUT', 'allowedIps.1'],
    ['too many networks', { allowedIps: Array(51).fill('10.0.0.0/8') }, 'BAD_USER_INPUT', 'allowedIps'],
    ['a limit of nothing', { rateLimits: [{ limitClass: 'READS', points: 0 }] }, 'BAD_USER_INPUT', 'rateLimits.READS'],
  ])('refuses %s', async (_name, changes, code, field) => {
    expect(refusalsOf(await admin.ask(create, { input: inputOf(changes) }))).toEqual([{ code, field }]);
  });

  it.each(operatorScopes)('refuses %s, which is a right of people alone', async (scope) => {
    expect(refusalsOf(await admin.ask(create, { input: inputOf({ scopes: [scope] }) }))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'scopes.0' },
    ]);
  });

  it("refuses another team's project", async () => {
    const other = await createTenant(billgraph);
    expect(refusalsOf(await admin.ask(create, { input: inputOf({ projectIds: [other.projectId] }) }))).toEqual([
      { code: 'NOT_FOUND', field: 'projectIds.0' },
    ]);
  });
});

describe('keys', () => {
  const asks = (id: string) =>
    [
      ['{ apiKeys { totalCount } }', {}],
      [usage, { id, from: '2026-11-01', to: '2026-11-02' }],
      [create, { input: inputOf() }],
      [update, { input: { apiKeyId: id, name: 'Mine' } }],
      [revoke, { input: { apiKeyId: id } }],
      [rotate, { input: { apiKeyId: id } }],
    ] as const;

  it('are for people: neither an API key with every scope nor a viewer changes one, nobody without a session', async () => {
    const { apiKey } = await newKey();
    const viewer = await createOperator(billgraph, tenant, 'VIEWER');
    for (const [document, variables] of asks(apiKey.id)) {
      expect(refusalsOf(await ask(billgraph, tenant.apiKey, document, variables))).toEqual([{ code: 'FORBIDDEN' }]);
      expect(refusalsOf(await ask(billgraph, null, document, variables))).toEqual([{ code: 'UNAUTHENTICATED' }]);
      if (document.startsWith('mutation'))
        expect(refusalsOf(await viewer.ask(document, variables))).toEqual([{ code: 'FORBIDDEN' }]);
    }
  });

  it('of another team, random and malformed ones are NOT_FOUND alike', async () => {
    const stranger = await createOperator(billgraph, await createTenant(billgraph), 'OWNER');
    const { apiKey } = await newKey();
    for (const id of [apiKey.id, 'key_00000000000000000000000000', 'nonsense\0'])
      for (const [document, variables] of asks(id).filter(([document]) => !/createApiKey|apiKeys/.test(document)))
        expect(refusalsOf(await stranger.ask(document, variables))[0]).toMatchObject({ code: 'NOT_FOUND' });
    const { data } = await stranger.ask('{ apiKeys { nodes { id } } }');
    expect(data.apiKeys.nodes.map(({ id }: { id: string }) => id)).not.toContain(apiKey.id);
  });

  it('are listed, page by page, the oldest first', async () => {
    const made = [await newKey({ name: 'One' }), await newKey({ name: 'Two' })];
    const { data } = await admin.ask(
      '{ apiKeys(last: 2) { nodes { id name } pageInfo { hasPreviousPage } totalCount } }',
    );
    expect(data.apiKeys.nodes).toEqual(made.map(({ apiKey: { id, name } }) => ({ id, name })));
    expect(data.apiKeys.pageInfo.hasPreviousPage).toBe(true);
    expect(data.apiKeys.totalCount).toBeGreaterThan(2);
  });

  it('tell when they were used last, and what they asked on which day', async () => {
    const { secret, apiKey } = await newKey();
    for (let n = 0; n < 3; n++) await ask(billgraph, secret, customers);
    await billgraph.app.usage.flush();
    const today = new Date().toISOString().slice(0, 10);
    const { data } = await admin.ask(usage, { id: apiKey.id, from: today, to: today });
    expect(data.apiKeyUsage).toEqual([{ day: today, requests: 3, weight: '3', refused: 0 }]);
    const listed = await admin.ask('{ apiKeys(last: 1) { nodes { id lastUsedAt } } }');
    expect(listed.data.apiKeys.nodes).toEqual([{ id: apiKey.id, lastUsedAt: expect.any(String) }]);
  });

  it.each([
    ['2026-11-1', '2026-11-02', 'from'],
    ['2026-02-30', '2026-11-02', 'from'],
    ['2026-11-02', 'today', 'to'],
    ['2026-11-02', '2026-11-01', 'to'],
    ['2024-11-02', '2026-11-01', 'to'],
  ])('have no usage from %s to %s', async (from, to, field) => {
    const { apiKey } = await newKey();
    expect(refusalsOf(await admin.ask(usage, { id: apiKey.id, from, to }))).toEqual([
      { code: 'BAD_USER_INPUT', field },
    ]);
  });
});

describe('updateApiKey', () => {
  it('changes what is named, on every process at once', async () => {
    const another = await startAnother(billgraph, {});
    const { secret, apiKey } = await newKey();
    for (const at of [billgraph, another]) expect((await ask(at, secret, customers)).errors).toBeUndefined();
    const input = { apiKeyId: apiKey.id, scopes: ['products:read'], rateLimits: [{ limitClass: 'READS', points: 5 }] };
    const { data } = await admin.ask(update, { input });
    expect(data.updateApiKey.apiKey).toMatchObject({ name: 'Backend', scopes: ['products:read'] });
    for (const at of [billgraph, another])
      await expect
        .poll(async () => refusalsOf(await ask(at, secret, customers)), { timeout: 4_000 })
        .toEqual([{ code: 'FORBIDDEN' }]);
    const back = { apiKeyId: apiKey.id, name: 'Other', rateLimits: [{ limitClass: 'READS', points: null }] };
    expect((await admin.ask(update, { input: back })).data.updateApiKey.apiKey).toMatchObject({
      name: 'Other',
      rateLimits: [],
    });
    await another.close();
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ scopes: ['keys:write'] }, 'scopes.0'],
    [{ allowedIps: ['example.com'] }, 'allowedIps.0'],
    [{ rateLimits: [{ limitClass: 'STATE', points: -1 }] }, 'rateLimits.STATE'],
  ])('refuses %j', async (changes, field) => {
    const { apiKey } = await newKey();
    expect(refusalsOf(await admin.ask(update, { input: { apiKeyId: apiKey.id, ...changes } }))).toEqual([
      { code: 'BAD_USER_INPUT', field },
    ]);
  });
});

describe('revokeApiKey', () => {
  it('ends a key on every process, before any of them forgets it by itself', async () => {
    const another = await startAnother(billgraph, {});
    const { secret, apiKey } = await newKey();
    for (const at of [billgraph, another]) expect(await statusOf(at, secret)).toBe(200);
    const { data } = await admin.ask(revoke, { input: { apiKeyId: apiKey.id } });
    const { revokedAt } = data.revokeApiKey.apiKey;
    // A process knows a key for five seconds: less than four are not enough without the word of the other one.
    for (const at of [billgraph, another])
      await expect.poll(() => statusOf(at, secret), { timeout: 3_500, interval: 20 }).toBe(401);
    expect(Date.now() - Date.parse(revokedAt)).toBeLessThan(4_500);
    const again = await admin.ask(revoke, { input: { apiKeyId: apiKey.id } });
    expect(again.data.revokeApiKey.apiKey.revokedAt).toBe(revokedAt);
    await another.close();
  });

  it('holds also where the connection that listens was lost', async () => {
    const { secret, apiKey } = await newKey();
    expect(await statusOf(billgraph, secret)).toBe(200);
    // The server's own role may not see what its connections do.
    const ended = await asOwner(
      billgraph.databaseUrl,
      `select pg_terminate_backend(pid) as is from pg_stat_activity where datname = current_database() and query = 'listen billgraph_api_keys'`,
    );
    expect(ended).toEqual([{ is: true }]);
    await admin.ask(revoke, { input: { apiKeyId: apiKey.id } });
    await expect.poll(() => statusOf(billgraph, secret), { timeout: 3_500, interval: 20 }).toBe(401);
  });
});

describe('rotateApiKey', () => {
  it('makes a key that may do the same, beside the old one for a while', async () => {
    const old = await newKey({
      allowedIps: ['127.0.0.0/8'],
      rateLimits: [{ limitClass: 'STATE', points: 9 }],
      expiresAt: inHours(1_000),
    });
    const { data } = await admin.ask(rotate, { input: { apiKeyId: old.apiKey.id, overlapHours: 2 } });
    const { secret, apiKey, rotated } = data.rotateApiKey;
    const { id: _, lastFour: __, createdAt: ___, expiresAt, ...same } = apiKey;
    expect(old.apiKey).toMatchObject(same);
    expect(Date.parse(expiresAt) - inHours(1_000).getTime()).toBeLessThan(60_000);
    expect(Math.abs(Date.parse(rotated.expiresAt) - inHours(2).getTime())).toBeLessThan(60_000);
    expect(await statusOf(billgraph, secret)).toBe(200);
    expect(await statusOf(billgraph, old.secret)).toBe(200);
    await billgraph.app.orm.em.fork().nativeUpdate(ApiKey, { id: rotated.id }, { expiresAt: inHours(-1) });
    await admin.ask(update, { input: { apiKeyId: rotated.id, name: 'Old' } });
    await expect.poll(() => statusOf(billgraph, old.secret), { timeout: 3_500 }).toBe(401);
    expect(await statusOf(billgraph, secret)).toBe(200);
  });

  it('never prolongs the old one, and ends it at once without an overlap', async () => {
    const short = await newKey({ expiresAt: inHours(1) });
    const { data } = await admin.ask(rotate, { input: { apiKeyId: short.apiKey.id } });
    expect(data.rotateApiKey.rotated.expiresAt).toBe(short.apiKey.expiresAt);
    const leaked = await newKey();
    expect(await statusOf(billgraph, leaked.secret)).toBe(200);
    await admin.ask(rotate, { input: { apiKeyId: leaked.apiKey.id, overlapHours: 0 } });
    await expect.poll(() => statusOf(billgraph, leaked.secret), { timeout: 3_500 }).toBe(401);
  });

  it('refuses an overlap out of range, and a key that has ended', async () => {
    const { apiKey } = await newKey();
    for (const overlapHours of [-1, 721])
      expect(refusalsOf(await admin.ask(rotate, { input: { apiKeyId: apiKey.id, overlapHours } }))).toEqual([
        { code: 'BAD_USER_INPUT', field: 'overlapHours' },
      ]);
    await admin.ask(revoke, { input: { apiKeyId: apiKey.id } });
    expect(refusalsOf(await admin.ask(rotate, { input: { apiKeyId: apiKey.id } }))).toEqual([
      { code: 'CONFLICT', field: 'apiKeyId' },
    ]);
  });
});

describe('allowed addresses', () => {
  it.each([
    ['198.51.100.7', ['198.51.100.0/24'], 200],
    ['198.51.101.7', ['198.51.100.0/24'], 403],
    ['198.51.101.7', ['198.51.100.0/24', '198.51.101.7'], 200],
    ['2001:db8::7', ['2001:db8::/32'], 200],
    ['2001:db9::7', ['2001:db8::/32'], 403],
    ['::ffff:198.51.100.7', ['198.51.100.0/24'], 200],
    ['198.51.100.7', ['2001:db8::/32'], 403],
  ])('let %s with %j answer %i', async (address, allowedIps, status) => {
    const { secret } = await newKey({ allowedIps });
    const answer = await ask(billgraph, secret, customers, {}, { 'x-forwarded-for': address });
    expect(answer.status).toBe(status);
    if (status === 403) {
      expect(refusalsOf(answer)).toEqual([{ code: 'FORBIDDEN' }]);
      expect(answer.errors![0]!.message).toContain(address);
    }
  });
});

describe('a key in the address', () => {
  it.each(['access_token', 'api_key', 'apiKey', 'key', 'token', 'authorization', 'q'])(
    'is refused as %s',
    async (name) => {
      const response = await fetch(`${billgraph.url}/graphql?query={__typename}&${name}=${tenant.apiKey}`, {
        headers: { 'apollo-require-preflight': 'true', authorization: `Bearer ${tenant.apiKey}` },
      });
      expect(response.status).toBe(401);
      const { errors } = (await response.json()) as { errors: { message: string }[] };
      expect(errors[0]!.message).toContain('may not stand in the address');
      expect(billgraph.logged.join()).not.toContain(tenant.apiKey);
    },
  );
});

it('every right of keys is a scope that createApiKey takes', async () => {
  expect((await newKey({ scopes: keyScopes })).apiKey.scopes).toEqual(keyScopes);
});
