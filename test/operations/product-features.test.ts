import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { catalogOf } from '../rig/catalog.ts';
import { asOwner } from '../rig/database.ts';
import { featuresOf } from '../rig/features.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let features: ReturnType<typeof featuresOf>;
let productId: string;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  features = featuresOf(billgraph, tenant);
  productId = (await catalogOf(billgraph, tenant).newProduct()).id;
  await features.newFeature('sso');
  await features.newFeature('seats', { type: 'LIMIT' });
  await features.newFeature('support', { type: 'ENUMERATED', options: ['chat', 'phone'] });
  await features.newFeature('old');
  await features.made('archiveFeature', { feature: 'old' });
});
afterAll(() => billgraph.close());

const given = async () => {
  const document = `{ node(id: "${productId}") { ... on Product { features { nodes { feature { key } limit unlimited perUnit option } } } } }`;
  return (await ask(billgraph, tenant.apiKey, document)).data.node.features.nodes;
};
const value = { limit: null, unlimited: false, perUnit: false, option: null };

describe('answers', () => {
  it('what a product gives of a feature of each type; another value in place of the one before; and nothing', async () => {
    expect(await features.made('setProductFeature', { productId, feature: 'sso' })).toMatchObject(value);
    const seats = await features.made('setProductFeature', {
      productId,
      feature: 'seats',
      limit: '5.50',
      perUnit: true,
    });
    expect(seats).toMatchObject({ ...value, limit: '5.5', perUnit: true });
    expect(
      await features.made('setProductFeature', { productId, feature: 'seats', limit: '5.5', perUnit: true }),
    ).toEqual(seats);
    const unlimited = await features.made('setProductFeature', { productId, feature: 'seats', unlimited: true });
    expect(unlimited).toMatchObject({ ...value, unlimited: true });
    expect(unlimited.id).not.toBe(seats.id);
    await features.made('setProductFeature', { productId, feature: 'support', option: 'phone' });
    expect(await given()).toEqual([
      { ...value, feature: { key: 'sso' } },
      { ...value, feature: { key: 'seats' }, unlimited: true },
      { ...value, feature: { key: 'support' }, option: 'phone' },
    ]);
    const left = await features.made('removeProductFeature', { productId, feature: 'seats' });
    expect(left.features.nodes).toEqual([{ feature: { key: 'sso' } }, { feature: { key: 'support' } }]);
    const rows = await asOwner(
      billgraph.databaseUrl,
      `select limit_value::text, ended_at is null as stands from product_feature p join feature f on f.id = feature_id
       where f.key = 'seats' order by p.created_at`,
    );
    expect(rows).toEqual([
      { limit_value: '5.500000000000', stands: false },
      { limit_value: null, stands: false },
    ]);
  });

  it('one value where several are set at once', async () => {
    const limits = ['1', '2', '3', '4'];
    const answers = await Promise.all(
      limits.map((limit) => features.mutate('setProductFeature', { productId, feature: 'seats', limit })),
    );
    expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([]);
    const [row, ...more] = await asOwner(
      billgraph.databaseUrl,
      `select limit_value::int from product_feature p join feature f on f.id = feature_id where f.key = 'seats' and ended_at is null`,
    );
    expect(more).toEqual([]);
    expect(limits).toContain(String(row.limit_value));
  });
});

describe('refuses', () => {
  it.each([
    [{ feature: 'sso', limit: '1' }, 'limit'],
    [{ feature: 'sso', unlimited: true }, 'unlimited'],
    [{ feature: 'sso', perUnit: true }, 'perUnit'],
    [{ feature: 'sso', option: 'chat' }, 'option'],
    [{ feature: 'seats' }, 'limit'],
    [{ feature: 'seats', limit: '-1' }, 'limit'],
    [{ feature: 'seats', limit: '1e3' }, 'limit'],
    [{ feature: 'seats', limit: 'NaN' }, 'limit'],
    [{ feature: 'seats', limit: '' }, 'limit'],
    [{ feature: 'seats', limit: '1'.repeat(16) }, 'limit'],
    [{ feature: 'seats', limit: '0.0000000000001' }, 'limit'],
    [{ feature: 'seats', limit: '1', unlimited: true }, 'unlimited'],
    [{ feature: 'seats', limit: '1', option: 'chat' }, 'option'],
    [{ feature: 'support' }, 'option'],
    [{ feature: 'support', option: 'fax' }, 'option'],
    [{ feature: 'support', option: 'chat', limit: '1' }, 'limit'],
    [{ feature: 'support', option: 'chat', perUnit: true }, 'perUnit'],
  ])('%j', async (input, field) => {
    expect(refusalsOf(await features.mutate('setProductFeature', { productId, ...input }))).toEqual([
      { code: 'BAD_USER_INPUT', field },
    ]);
  });

  it('an archived feature, and to take away what is not given', async () => {
    expect(refusalsOf(await features.mutate('setProductFeature', { productId, feature: 'old' }))).toEqual([
      { code: 'CONFLICT', field: 'feature' },
    ]);
    expect(refusalsOf(await features.mutate('removeProductFeature', { productId, feature: 'old' }))).toEqual([
      { code: 'NOT_FOUND', field: 'feature' },
    ]);
  });

  it("another tenant's product or feature, random and malformed ones", async () => {
    const other = await createTenant(billgraph);
    const theirs = (await catalogOf(billgraph, other).newProduct()).id;
    const { id: feature } = await featuresOf(billgraph, other).newFeature('theirs');
    for (const name of ['setProductFeature', 'removeProductFeature'])
      for (const [input, field] of [
        [{ productId: theirs, feature: 'sso' }, 'productId'],
        [{ productId: 'pp_00000000000000000000000000', feature: 'sso' }, 'productId'],
        [{ productId: 'x', feature: 'sso' }, 'productId'],
        [{ productId, feature }, 'feature'],
        [{ productId, feature: 'theirs' }, 'feature'],
      ] as const)
        expect(refusalsOf(await features.mutate(name, input))).toEqual([{ code: 'NOT_FOUND', field }]);
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    const reader = await tenant.newApiKey({ scopes: ['features:read', 'products:write'] });
    for (const name of ['setProductFeature', 'removeProductFeature']) {
      const input = { productId, feature: 'sso' };
      expect(refusalsOf(await features.mutate(name, input, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
      expect(refusalsOf(await features.mutate(name, input, reader))).toEqual([{ code: 'FORBIDDEN' }]);
    }
  });
});
