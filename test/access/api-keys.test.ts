import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKey } from '../../src/identity/access/api-key.entity.ts';
import { hashApiKey, newApiKey } from '../../src/identity/access/api-key-format.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

const query = '{ customers { totalCount } }';
const use = (authorization: string, headers = {}) => ask(billgraph, null, query, {}, { authorization, ...headers });

describe('is refused with 401', () => {
  it.each([
    ['an unknown key', async () => `Bearer ${newApiKey('TEST')}`, 'does not exist'],
    [
      'a mistyped key',
      async () => `Bearer ${tenant.apiKey.slice(0, -1)}${tenant.apiKey.endsWith('0') ? '1' : '0'}`,
      'mistyped',
    ],
    ['a key cut short', async () => `Bearer ${tenant.apiKey.slice(0, -3)}`, 'mistyped'],
    [
      'an expired key',
      async () => `Bearer ${await tenant.newApiKey({ expiresAt: new Date(Date.now() - 1_000) })}`,
      'expired',
    ],
    ['a key without Bearer', async () => tenant.apiKey, 'Authorization: Bearer'],
    ['a Basic header', async () => `Basic ${btoa(tenant.apiKey)}`, 'Authorization: Bearer'],
    ['an empty bearer', async () => 'Bearer ', 'Authorization: Bearer'],
  ])('%s', async (_name, authorization, words) => {
    const answer = await use(await authorization());
    expect(answer.status).toBe(401);
    expect(refusalsOf(answer)).toEqual([{ code: 'UNAUTHENTICATED' }]);
    expect(answer.errors![0]!.message).toContain(words);
    expect(answer.errors![0]!.extensions.requestId).toBe(answer.headers.get('x-request-id'));
  });

  it('a revoked key', async () => {
    const key = await tenant.newApiKey({});
    await billgraph.app.orm.em.fork().nativeUpdate(ApiKey, { hash: hashApiKey(key) }, { revokedAt: new Date() });
    const answer = await use(`Bearer ${key}`);
    expect(answer.status).toBe(401);
    expect(answer.errors![0]!.message).toContain('revoked');
  });

  it('a key in the query string, which would end in logs', async () => {
    const response = await fetch(`${billgraph.url}/graphql?access_token=${tenant.apiKey}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    expect(response.status).toBe(401);
  });
});

describe('a key', () => {
  it('of no scopes may do nothing', async () => {
    const key = await tenant.newApiKey({ scopes: [] });
    expect(refusalsOf(await use(`Bearer ${key}`))).toEqual([{ code: 'FORBIDDEN' }]);
  });

  it('of several projects names one, and reaches no other', async () => {
    const sibling = await createTenant(billgraph, { teamId: tenant.teamId });
    const foreign = await createTenant(billgraph);
    const key = await tenant.newApiKey({ projectIds: [tenant.projectId, sibling.projectId] });
    const named = (projectId: string) => use(`Bearer ${key}`, { 'billgraph-project': projectId });
    expect(refusalsOf(await use(`Bearer ${key}`))).toEqual([{ code: 'BAD_USER_INPUT', field: 'Billgraph-Project' }]);
    expect((await named(sibling.projectId)).data).toEqual({ customers: { totalCount: 0 } });
    expect(refusalsOf(await named(foreign.projectId))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'Billgraph-Project' },
    ]);
  });

  it('is found by secret scanners, and stored as a hash', async () => {
    expect(tenant.apiKey).toMatch(/^bs_(test|live)_[0-9A-Za-z]{36}$/);
    const rows = await billgraph.app.orm.em
      .getConnection()
      .execute('select row_to_json(api_key)::text as row from api_key');
    expect(JSON.stringify(rows)).not.toContain(tenant.apiKey.slice(8));
  });
});
