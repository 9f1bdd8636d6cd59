import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { featuresOf } from '../rig/features.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let features: ReturnType<typeof featuresOf>;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  features = featuresOf(billgraph, tenant);
});
afterAll(() => billgraph.close());

const read = async (by: object, credential = tenant.apiKey) => {
  const document = 'query ($by: FeatureBy!) { feature(by: $by) { id key archivedAt } }';
  return (await ask(billgraph, credential, document, { by })).data.feature;
};

describe('answers', () => {
  it('a feature of each type, found by key and by id, in a list, and as a node', async () => {
    const sso = await features.newFeature('sso', { name: 'Single sign-on', description: 'By SAML.' });
    expect(sso).toEqual({
      id: expect.stringMatching(/^fea_[0-9a-v]{26}$/),
      key: 'sso',
      name: 'Single sign-on',
      description: 'By SAML.',
      type: 'BOOLEAN',
      options: [],
      archivedAt: null,
    });
    const seats = await features.newFeature('seats', { type: 'LIMIT' });
    const options = ['community', 'a, "b" {c}', 'phone'];
    const support = await features.newFeature('support', { type: 'ENUMERATED', options });
    expect(support).toMatchObject({ type: 'ENUMERATED', options });
    expect(await read({ key: 'seats' })).toMatchObject({ id: seats.id });
    expect(await read({ id: sso.id })).toMatchObject({ key: 'sso' });
    expect(await read({ key: 'nothing' })).toBeNull();
    const document = `{ features { nodes { key options } } node(id: "${support.id}") { ... on Feature { options } } }`;
    expect((await ask(billgraph, tenant.apiKey, document)).data).toEqual({
      features: {
        nodes: [
          { key: 'sso', options: [] },
          { key: 'seats', options: [] },
          { key: 'support', options },
        ],
      },
      node: { options },
    });
  });

  it('one that is changed: words, and options that are added anywhere', async () => {
    await features.newFeature('region', { type: 'ENUMERATED', options: ['one', 'three'] });
    const change = {
      feature: 'region',
      name: 'Regions',
      description: 'Where.',
      options: ['one', 'two', 'three', 'four'],
    };
    expect(await features.made('updateFeature', change)).toMatchObject({
      name: 'Regions',
      description: 'Where.',
      options: ['one', 'two', 'three', 'four'],
    });
    const again = await features.made('updateFeature', { feature: 'region', description: null });
    expect(again).toMatchObject({ name: 'Regions', description: null, options: ['one', 'two', 'three', 'four'] });
  });

  it('one that is archived, and taken up again: by its id as well', async () => {
    const { id } = await features.newFeature('old');
    const archived = await features.made('archiveFeature', { feature: id });
    expect(archived.archivedAt).not.toBeNull();
    expect(await features.made('archiveFeature', { feature: 'old' })).toEqual(archived);
    expect(await read({ key: 'old' })).toMatchObject({ archivedAt: archived.archivedAt });
    expect(refusalsOf(await features.mutate('updateFeature', { feature: 'old', name: 'New' }))).toEqual([
      { code: 'CONFLICT', field: 'feature' },
    ]);
    expect((await features.made('reactivateFeature', { feature: 'old' })).archivedAt).toBeNull();
    expect((await features.made('updateFeature', { feature: 'old', name: 'New' })).name).toBe('New');
  });

  it('one whose limit a meter counts against', async () => {
    const meter = 'met_00000000000000000000000001';
    await asOwner(
      billgraph.databaseUrl,
      `insert into meter (id, project_id, environment, connection_id, evidence, event_name, display_name, aggregation, stripe_meter_id,
         stripe_event_name, stripe_formula, created_at, updated_at)
       values ('${meter}', $1, 'TEST', $2, 0, 'calls', 'Calls', 'SUM', 'mtr_1', 'calls', 'sum', now(), now())`
        .replace('$1', `'${tenant.projectId}'`)
        .replace('$2', `'${tenant.connectionId}'`),
    );
    await features.newFeature('calls', { type: 'LIMIT', meter: 'calls' });
    await features.newFeature('more_calls', { type: 'LIMIT', meter });
    const rows = await asOwner(
      billgraph.databaseUrl,
      `select key from feature where meter_id = '${meter}' order by key`,
    );
    expect(rows).toEqual([{ key: 'calls' }, { key: 'more_calls' }]);
    await asOwner(billgraph.databaseUrl, 'update meter set archived_at = now()');
    const refused = await features.mutate('createFeature', { key: 'x', name: 'X', type: 'LIMIT', meter });
    expect(refusalsOf(refused)).toEqual([{ code: 'CONFLICT', field: 'meter' }]);
  });
});

describe('refuses', () => {
  it.each([
    [{ key: '' }, 'key'],
    [{ key: 'Sso' }, 'key'],
    [{ key: '1st' }, 'key'],
    [{ key: `a${'b'.repeat(80)}` }, 'key'],
    [{ key: `fea_${'0'.repeat(26)}` }, 'key'],
    [{ name: ' ' }, 'name'],
    [{ name: 'x'.repeat(251) }, 'name'],
    [{ description: 'x'.repeat(5_001) }, 'description'],
    [{ options: ['a'] }, 'options'],
    [{ meter: 'calls' }, 'meter'],
    [{ type: 'ENUMERATED' }, 'options'],
    [{ type: 'ENUMERATED', options: [] }, 'options'],
    [{ type: 'ENUMERATED', options: Array.from({ length: 51 }, (_, index) => `o${index}`) }, 'options'],
    [{ type: 'ENUMERATED', options: ['a', ' '] }, 'options.1'],
    [{ type: 'ENUMERATED', options: ['a', 'b', 'a'] }, 'options.2'],
  ])('a new one with %j', async (wrong, field) => {
    const input = { key: 'new', name: 'New', type: 'BOOLEAN', ...wrong };
    expect(refusalsOf(await features.mutate('createFeature', input))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });

  it('a key that is taken, also by an archived one, and not that of another project', async () => {
    await features.newFeature('taken');
    await features.made('archiveFeature', { feature: 'taken' });
    const input = { key: 'taken', name: 'Again', type: 'LIMIT' };
    expect(refusalsOf(await features.mutate('createFeature', input))).toEqual([{ code: 'CONFLICT', field: 'key' }]);
    const other = await createTenant(billgraph, { teamId: tenant.teamId });
    expect(await featuresOf(billgraph, other).made('createFeature', input)).toMatchObject({ key: 'taken' });
  });

  it.each([
    [{ name: null }, 'name'],
    [{ options: ['b', 'a'] }, 'options'],
    [{ options: ['a', 'c'] }, 'options'],
    [{ options: [] }, 'options'],
  ])('a change to %j', async (change, field) => {
    await features.mutate('createFeature', { key: 'abc', name: 'Abc', type: 'ENUMERATED', options: ['a', 'b', 'c'] });
    const refused = await features.mutate('updateFeature', { feature: 'abc', ...change });
    expect(refusalsOf(refused)).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });

  it('options where there are none, a search for nothing, and a meter that is not there', async () => {
    await features.newFeature('plain');
    const change = { feature: 'plain', options: ['a'] };
    expect(refusalsOf(await features.mutate('updateFeature', change))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'options' },
    ]);
    const nothing = await ask(billgraph, tenant.apiKey, '{ feature(by: { key: null }) { id } }');
    expect(nothing.errors).toHaveLength(1);
    for (const meter of ['nothing', 'met_00000000000000000000000000', 'nul \0'])
      expect(refusalsOf(await features.mutate('createFeature', { key: 'x', name: 'X', type: 'LIMIT', meter }))).toEqual(
        [{ code: 'NOT_FOUND', field: 'meter' }],
      );
  });

  it("another tenant's, a random and a malformed name", async () => {
    const { id } = await features.newFeature('mine');
    const { apiKey } = await createTenant(billgraph);
    for (const name of ['updateFeature', 'archiveFeature', 'reactivateFeature'])
      for (const [feature, key] of [
        [id, apiKey],
        ['mine', apiKey],
        ['fea_00000000000000000000000000', tenant.apiKey],
        ['nul \0', tenant.apiKey],
      ] as const)
        expect(refusalsOf(await features.mutate(name, { feature }, key))).toEqual([
          { code: 'NOT_FOUND', field: 'feature' },
        ]);
    expect(await read({ id }, apiKey)).toBeNull();
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope; a frontend reads features', async () => {
    const input = { key: 'x', name: 'X', type: 'BOOLEAN' };
    expect(refusalsOf(await features.mutate('createFeature', input, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['features:read', 'entitlements:write'] });
    for (const [name, given] of [
      ['createFeature', input],
      ['updateFeature', { feature: 'sso' }],
      ['archiveFeature', { feature: 'sso' }],
      ['reactivateFeature', { feature: 'sso' }],
    ] as const)
      expect(refusalsOf(await features.mutate(name, given, reader))).toEqual([{ code: 'FORBIDDEN' }]);
    const other = await tenant.newApiKey({ scopes: ['products:read'] });
    expect(refusalsOf(await ask(billgraph, other, '{ features { totalCount } }'))).toEqual([{ code: 'FORBIDDEN' }]);
    const frontend = await tenant.newApiKey({ scopes: ['entitlements:read'] });
    expect((await ask(billgraph, frontend, '{ features { totalCount } }')).errors).toBeUndefined();
  });
});
