import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { featuresOf } from '../rig/features.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let features: ReturnType<typeof featuresOf>;
let customerId: string;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  features = featuresOf(billgraph, tenant);
  customerId = await newCustomer('ada@example.com');
  await features.newFeature('sso');
  await features.newFeature('seats', { type: 'LIMIT' });
  await features.newFeature('support', { type: 'ENUMERATED', options: ['chat', 'phone'] });
  await features.newFeature('old');
  await features.made('archiveFeature', { feature: 'old' });
});
afterAll(() => billgraph.close());

const newCustomer = async (email: string, of = tenant): Promise<string> =>
  (await ask(billgraph, of.apiKey, CreateCustomerDocument, { input: { email } })).data.createCustomer.customer.id;
const reason = 'A promise of sales.';
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const grantsOf = async (customer: string) => {
  const document = `{ customer(by: { id: "${customer}" }) { featureGrants { nodes { id active reason } } } }`;
  return (await ask(billgraph, tenant.apiKey, document)).data.customer.featureGrants.nodes;
};

describe('answers', () => {
  it('a grant, with who and why, until it is revoked', async () => {
    const expiresAt = inDays(30);
    const grant = await features.made('grantFeature', { customerId, feature: 'seats', limit: '10', reason, expiresAt });
    const [key] = await asOwner(billgraph.databaseUrl, `select id from api_key`);
    expect(grant).toEqual({
      id: expect.stringMatching(/^fgr_/),
      kind: 'GRANT',
      customer: { id: customerId },
      feature: { key: 'seats' },
      allowed: true,
      limit: '10',
      unlimited: false,
      option: null,
      reason,
      actorKind: 'API_KEY',
      actorId: key.id,
      active: true,
      startsAt: expect.any(String),
      expiresAt,
      revokedAt: null,
      revokerKind: null,
      revokerId: null,
      revokeReason: null,
    });
    const revoked = await features.made('revokeFeatureGrant', { grantId: grant.id, reason: 'A mistake.' });
    expect(revoked).toEqual({
      ...grant,
      active: false,
      revokedAt: expect.any(String),
      revokerKind: 'API_KEY',
      revokerId: key.id,
      revokeReason: 'A mistake.',
    });
    expect(await grantsOf(customerId)).toMatchObject([{ id: grant.id, active: false, reason }]);
  });

  it('an override of each type, one that takes away, and one that begins later', async () => {
    const id = await newCustomer('bob@example.com');
    const override = (input: object) => features.made('overrideFeature', { customerId: id, reason, ...input });
    const value = { kind: 'OVERRIDE', allowed: true, limit: null, unlimited: false, option: null };
    expect(await override({ feature: 'sso' })).toMatchObject(value);
    expect(await override({ feature: 'sso', allowed: false })).toMatchObject({ ...value, allowed: false });
    expect(await override({ feature: 'seats', limit: '0' })).toMatchObject({ ...value, limit: '0' });
    expect(await override({ feature: 'seats', unlimited: true })).toMatchObject({ ...value, unlimited: true });
    expect(await override({ feature: 'seats', allowed: false })).toMatchObject({ ...value, allowed: false });
    expect(await override({ feature: 'support', option: 'chat' })).toMatchObject({ ...value, option: 'chat' });
    const startsAt = inDays(1);
    const later = await override({ feature: 'support', option: 'phone', startsAt, expiresAt: inDays(2) });
    expect(later).toMatchObject({ active: false, startsAt });
    expect(await features.made('revokeFeatureGrant', { grantId: later.id, reason })).toMatchObject({ active: false });
  });

  it('one whose beginning has passed: it counts from now on', async () => {
    const before = Date.now();
    const input = { customerId, feature: 'sso', reason, startsAt: '2001-01-01T00:00:00Z' };
    const grant = await features.made('grantFeature', input);
    expect(Date.parse(grant.startsAt)).toBeGreaterThanOrEqual(before);
    expect(grant.active).toBe(true);
  });

  it.each([60_000, -60_000])('one at once, where the clock of the process is %i ms ahead', async (ahead) => {
    const eve = await newCustomer(`eve${ahead}@example.com`);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ahead });
    try {
      const grant = await features.made('grantFeature', { customerId: eve, feature: 'sso', reason });
      expect(grant.active).toBe(true);
      const document = `{ hasAccess(customer: { id: "${eve}" }, feature: "sso") { allowed } }`;
      expect((await ask(billgraph, tenant.apiKey, document)).data.hasAccess.allowed).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('refuses', () => {
  it.each([
    [{ feature: 'sso', limit: '1' }, 'limit'],
    [{ feature: 'sso', option: 'chat' }, 'option'],
    [{ feature: 'seats' }, 'limit'],
    [{ feature: 'seats', limit: '-1' }, 'limit'],
    [{ feature: 'seats', limit: '1', unlimited: true }, 'unlimited'],
    [{ feature: 'support', option: 'fax' }, 'option'],
    [{ feature: 'support', option: null }, 'option'],
    [{ feature: 'sso', reason: ' ' }, 'reason'],
    [{ feature: 'sso', reason: 'x'.repeat(501) }, 'reason'],
    [{ feature: 'sso', reason: 'nul \0' }, 'reason'],
    [{ feature: 'sso', expiresAt: '2001-01-01T00:00:00Z' }, 'expiresAt'],
    [{ feature: 'sso', startsAt: '2900-01-02T00:00:00Z', expiresAt: '2900-01-02T00:00:00Z' }, 'expiresAt'],
  ])('%j', async (input, field) => {
    for (const name of ['grantFeature', 'overrideFeature'])
      expect(refusalsOf(await features.mutate(name, { customerId, reason, ...input }))).toEqual([
        { code: 'BAD_USER_INPUT', field },
      ]);
  });

  it.each([
    [{ feature: 'seats', limit: '1' }, 'limit'],
    [{ feature: 'seats', unlimited: true }, 'unlimited'],
    [{ feature: 'support', option: 'chat' }, 'option'],
  ])('a value of what is taken away: %j', async (input, field) => {
    const refused = await features.mutate('overrideFeature', { customerId, reason, allowed: false, ...input });
    expect(refusalsOf(refused)).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });

  it('an archived feature, a customer who was deleted, and to revoke twice', async () => {
    const archived = await features.mutate('grantFeature', { customerId, feature: 'old', reason });
    expect(refusalsOf(archived)).toEqual([{ code: 'CONFLICT', field: 'feature' }]);
    const gone = await newCustomer('gone@example.com');
    await ask(
      billgraph,
      tenant.apiKey,
      `mutation { deleteCustomer(input: { customerId: "${gone}" }) { deletedCustomerId } }`,
    );
    const deleted = await features.mutate('grantFeature', { customerId: gone, feature: 'sso', reason });
    expect(refusalsOf(deleted)).toEqual([{ code: 'NOT_FOUND', field: 'customerId' }]);
    const { id: grantId } = await features.made('grantFeature', { customerId, feature: 'sso', reason });
    const blank = await features.mutate('revokeFeatureGrant', { grantId, reason: '' });
    expect(refusalsOf(blank)).toEqual([{ code: 'BAD_USER_INPUT', field: 'reason' }]);
    await features.made('revokeFeatureGrant', { grantId, reason });
    const again = { code: 'CONFLICT', field: 'grantId' };
    expect(refusalsOf(await features.mutate('revokeFeatureGrant', { grantId, reason }))).toEqual([again]);
    const { id } = await features.made('grantFeature', { customerId, feature: 'sso', reason, expiresAt: inDays(1) });
    await asOwner(billgraph.databaseUrl, `update feature_grant set expires_at = now() where id = '${id}'`);
    expect(refusalsOf(await features.mutate('revokeFeatureGrant', { grantId: id, reason }))).toEqual([again]);
  });

  it("another tenant's customer, feature or grant, random and malformed ones", async () => {
    const other = await createTenant(billgraph);
    const theirs = featuresOf(billgraph, other);
    const { id: feature } = await theirs.newFeature('theirs');
    const theirCustomer = await newCustomer('eve@example.com', other);
    const given = { customerId: theirCustomer, feature: 'theirs', reason };
    const grant = await theirs.made('grantFeature', given);
    for (const name of ['grantFeature', 'overrideFeature'])
      for (const [input, field] of [
        [{ customerId: theirCustomer, feature: 'sso' }, 'customerId'],
        [{ customerId: 'x', feature: 'sso' }, 'customerId'],
        [{ customerId, feature }, 'feature'],
        [{ customerId, feature: 'theirs' }, 'feature'],
        [{ customerId, feature: 'fea_00000000000000000000000000' }, 'feature'],
      ] as const)
        expect(refusalsOf(await features.mutate(name, { reason, ...input }))).toEqual([{ code: 'NOT_FOUND', field }]);
    for (const grantId of [grant.id, 'fgr_00000000000000000000000000', 'x'])
      expect(refusalsOf(await features.mutate('revokeFeatureGrant', { grantId, reason }))).toEqual([
        { code: 'NOT_FOUND', field: 'grantId' },
      ]);
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope; and no frontend reads why', async () => {
    const input = { customerId, feature: 'sso', reason };
    const reader = await tenant.newApiKey({ scopes: ['features:write', 'entitlements:read', 'customers:read'] });
    for (const [name, given] of [
      ['grantFeature', input],
      ['overrideFeature', input],
      ['revokeFeatureGrant', { grantId: 'x', reason }],
    ] as const) {
      expect(refusalsOf(await features.mutate(name, given, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
      expect(refusalsOf(await features.mutate(name, given, reader))).toEqual([{ code: 'FORBIDDEN' }]);
    }
    const document = `{ customer(by: { id: "${customerId}" }) { featureGrants { totalCount } } }`;
    expect(refusalsOf(await ask(billgraph, reader, document))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
