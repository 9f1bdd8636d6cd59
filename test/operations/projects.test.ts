import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Price } from '../../src/billing/catalog/price.entity.ts';
import { CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import { newId } from '../../src/ids.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { createOperator, type TestOperator } from '../rig/operator.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let foreign: TestTenant;
let owner: TestOperator;
let priceId: string;
let foreignPriceId: string;
beforeAll(async () => {
  billgraph = await startBillgraph();
  [tenant, foreign] = await Promise.all([createTenant(billgraph), createTenant(billgraph)]);
  owner = await createOperator(billgraph, tenant);
  const made = await Promise.all([createPrice(tenant), createPrice(foreign)]);
  await billgraph.settled();
  const idOf = async (stripePriceId: string) =>
    (await billgraph.app.orm.em.fork().findOneOrFail(Price, { stripePriceId })).id;
  [priceId, foreignPriceId] = [await idOf(made[0]!.id), await idOf(made[1]!.id)];
});
afterAll(() => billgraph.close());

const project = '{ project { id name archivedAt } }';
const create = (input: object, as = owner) =>
  as.ask(`mutation ($input: CreateProjectInput!) { createProject(input: $input) ${project} }`, { input });
const update = (input: object, as = owner) =>
  as.ask(`mutation ($input: UpdateProjectInput!) { updateProject(input: $input) ${project} }`, { input });
const archive = (input: object, as = owner) =>
  as.ask(`mutation ($input: ArchiveProjectInput!) { archiveProject(input: $input) ${project} }`, { input });
const unarchive = (input: object, as = owner) =>
  as.ask(`mutation ($input: ArchiveProjectInput!) { unarchiveProject(input: $input) ${project} }`, { input });
const settings = `settings { environment defaultCurrency redirectOrigins plans { name priceId isDefault } selfServicePriceIds
  appTokens { issuer audience jwksUrl algorithms customerClaim scopes mustNameProject } }`;
const set = (input: object, as = owner, headers: Record<string, string> = {}) =>
  as.ask(
    `mutation ($input: UpdateProjectSettingsInput!) { updateProjectSettings(input: $input) { ${settings} } }`,
    { input },
    headers,
  );
const live = { 'billgraph-environment': 'LIVE' };
const testSide = async (input: object) => {
  const { data, errors } = await set(input);
  expect(errors).toBeUndefined();
  return data.updateProjectSettings.settings;
};

describe('projects', () => {
  it('are made, renamed, archived and taken up again', async () => {
    const operator = await createOperator(billgraph, await createTenant(billgraph));
    const made = (await create({ name: '  Second app ' }, operator)).data.createProject.project;
    expect(made).toEqual({ id: expect.stringMatching(/^prj_/), name: 'Second app', archivedAt: null });
    const input = { projectId: made.id };
    expect((await update({ ...input, name: 'Third' }, operator)).data.updateProject.project.name).toBe('Third');
    const archived = (await archive(input, operator)).data.archiveProject.project;
    expect(archived.archivedAt).toEqual(expect.any(String));
    expect((await archive(input, operator)).data.archiveProject.project).toEqual(archived);
    expect((await operator.ask('{ projects { name archivedAt } }')).data.projects).toHaveLength(2);
    expect((await unarchive(input, operator)).data.unarchiveProject.project.archivedAt).toBeNull();
  });

  it('that are archived are read and not written', async () => {
    const other = await createTenant(billgraph);
    const operator = await createOperator(billgraph, other);
    await archive({ projectId: other.projectId }, operator);
    expect((await ask(billgraph, other.apiKey, '{ customers { nodes { id } } }')).errors).toBeUndefined();
    const answer = await ask(billgraph, other.apiKey, CreateCustomerDocument, { input: { email: 'a@example.com' } });
    expect(refusalsOf(answer)).toEqual([{ code: 'CONFLICT' }]);
    expect(answer.errors![0]!.message).toContain('archived');
    expect(refusalsOf(await set({ redirectOrigins: ['https://evil.example'] }, operator))).toEqual([
      { code: 'CONFLICT' },
    ]);
    await unarchive({ projectId: other.projectId }, operator);
    const again = await ask(billgraph, other.apiKey, CreateCustomerDocument, { input: { email: 'a@example.com' } });
    expect(again.errors).toBeUndefined();
  });

  it.each([
    ['an empty name', () => create({ name: ' ' }), 'BAD_USER_INPUT', 'name'],
    ['a name that is too long', () => create({ name: 'x'.repeat(101) }), 'BAD_USER_INPUT', 'name'],
    ["another team's project", () => update({ projectId: foreign.projectId, name: 'x' }), 'NOT_FOUND', 'projectId'],
    ['a project that there is not', () => archive({ projectId: newId('prj') }), 'NOT_FOUND', 'projectId'],
    ['a malformed id', () => unarchive({ projectId: 'x\0' }), 'NOT_FOUND', 'projectId'],
  ])('refuse %s', async (_name, make, code, field) => {
    expect(refusalsOf(await make())).toEqual([{ code, field }]);
  });
});

describe('settings', () => {
  it('begin empty, each environment for itself', async () => {
    const operator = await createOperator(billgraph, await createTenant(billgraph));
    const { project } = (await create({ name: 'New' }, operator)).data.createProject;
    const empty = { defaultCurrency: null, redirectOrigins: [], plans: [], selfServicePriceIds: [], appTokens: null };
    const shown = (headers: Record<string, string>) =>
      operator.ask(`{ projectSettings ${settings.slice('settings'.length)} }`, {}, headers);
    const inNew = { 'billgraph-project': project.id };
    expect((await shown(inNew)).data.projectSettings).toEqual({ environment: 'TEST', ...empty });
    await set({ defaultCurrency: 'EUR' }, operator, { ...inNew, ...live });
    expect((await shown(inNew)).data.projectSettings).toEqual({ environment: 'TEST', ...empty });
    const liveSide = { environment: 'LIVE', ...empty, defaultCurrency: 'EUR' };
    expect((await shown({ ...inNew, ...live })).data.projectSettings).toEqual(liveSide);
    expect(refusalsOf(await shown({}))).toEqual([{ code: 'BAD_USER_INPUT', field: 'Billgraph-Project' }]);
  });

  it('change where they are named, and stay elsewhere', async () => {
    expect(await testSide({ defaultCurrency: 'EUR' })).toMatchObject({ defaultCurrency: 'EUR' });
    const redirectOrigins = ['https://app.example.com', 'http://localhost:3000'];
    expect(await testSide({ redirectOrigins })).toMatchObject({ defaultCurrency: 'EUR', redirectOrigins });
    expect(await testSide({ defaultCurrency: null })).toMatchObject({ defaultCurrency: null, redirectOrigins });
  });

  it('hold plans, of which one may be the default', async () => {
    const plans = [
      { name: 'pro', priceId },
      { name: 'team', priceId },
    ];
    const shown = (isDefault?: string) => plans.map((plan) => ({ ...plan, isDefault: plan.name === isDefault }));
    expect((await testSide({ plans })).plans).toEqual(shown());
    expect((await testSide({ defaultPlan: 'pro' })).plans).toEqual(shown('pro'));
    expect((await testSide({ defaultPlan: 'team' })).plans).toEqual(shown('team'));
    expect((await testSide({ plans: plans.slice(0, 1) })).plans).toEqual(shown().slice(0, 1));
    expect((await testSide({ plans, defaultPlan: 'team' })).plans).toEqual(shown('team'));
    expect((await testSide({ defaultPlan: null })).plans).toEqual(shown());
  });

  it('hold self-service prices', async () => {
    expect((await testSide({ selfServicePriceIds: [priceId, priceId] })).selfServicePriceIds).toEqual([priceId]);
    expect((await testSide({ selfServicePriceIds: [] })).selfServicePriceIds).toEqual([]);
  });

  it("hold how the app's own tokens are checked", async () => {
    const appTokens = { ...tokens, audience: 'one' };
    const all = { ...appTokens, algorithms: ['EdDSA', 'ES256', 'RS256'], customerClaim: 'sub', mustNameProject: false };
    expect((await testSide({ appTokens })).appTokens).toEqual(all);
    expect(
      (await testSide({ appTokens: { ...appTokens, customerClaim: 'user_id', algorithms: ['PS256'] } })).appTokens,
    ).toEqual({ ...all, customerClaim: 'user_id', algorithms: ['PS256'] });
    expect((await testSide({ appTokens: null })).appTokens).toBeNull();
  });

  const tokens = {
    issuer: 'https://app.example.com',
    audience: 'billing',
    jwksUrl: 'https://app.example.com/jwks.json',
    scopes: ['customers:read'],
  };
  it.each<[string, () => object, string, string]>([
    [
      'an origin with a path',
      () => ({ redirectOrigins: ['https://a.example/x'] }),
      'BAD_USER_INPUT',
      'redirectOrigins.0',
    ],
    ['an origin of no web', () => ({ redirectOrigins: ['javascript:0'] }), 'BAD_USER_INPUT', 'redirectOrigins.0'],
    [
      'an origin in other letters',
      () => ({ redirectOrigins: ['https://A.example'] }),
      'BAD_USER_INPUT',
      'redirectOrigins.0',
    ],
    [
      "another project's price",
      () => ({ plans: [{ name: 'x', priceId: foreignPriceId }] }),
      'NOT_FOUND',
      'plans.0.priceId',
    ],
    ['a plan without a name', () => ({ plans: [{ name: '', priceId }] }), 'BAD_USER_INPUT', 'plans.0.name'],
    [
      'two plans of one name',
      () => ({
        plans: [
          { name: 'x', priceId },
          { name: 'x ', priceId },
        ],
      }),
      'BAD_USER_INPUT',
      'plans.1.name',
    ],
    ['too many plans', () => ({ plans: Array(101).fill({ name: 'x', priceId }) }), 'BAD_USER_INPUT', 'plans'],
    ['a default plan that there is not', () => ({ defaultPlan: 'gold' }), 'BAD_USER_INPUT', 'defaultPlan'],
    [
      "another project's price for self-service",
      () => ({ selfServicePriceIds: [foreignPriceId] }),
      'NOT_FOUND',
      'selfServicePriceIds.0',
    ],
    [
      'too many prices',
      () => ({ selfServicePriceIds: Array(1_001).fill(priceId) }),
      'BAD_USER_INPUT',
      'selfServicePriceIds',
    ],
    [
      'an algorithm with a shared secret',
      () => ({ appTokens: { ...tokens, algorithms: ['HS256'] } }),
      'BAD_USER_INPUT',
      'appTokens.algorithms',
    ],
    ['no algorithm', () => ({ appTokens: { ...tokens, algorithms: [] } }), 'BAD_USER_INPUT', 'appTokens.algorithms'],
    ['alg none', () => ({ appTokens: { ...tokens, algorithms: ['none'] } }), 'BAD_USER_INPUT', 'appTokens.algorithms'],
    [
      'a scope that no frontend may hold',
      () => ({ appTokens: { ...tokens, scopes: ['webhooks:read'] } }),
      'BAD_USER_INPUT',
      'appTokens.scopes',
    ],
    [
      'keys without https',
      () => ({ appTokens: { ...tokens, jwksUrl: 'http://a.example/' } }),
      'BAD_USER_INPUT',
      'appTokens.jwksUrl',
    ],
    [
      'keys behind a password',
      () => ({ appTokens: { ...tokens, jwksUrl: 'https://a:b@a.example/' } }),
      'BAD_USER_INPUT',
      'appTokens.jwksUrl',
    ],
    [
      'keys in a file',
      () => ({ appTokens: { ...tokens, jwksUrl: 'file:///etc/passwd' } }),
      'BAD_USER_INPUT',
      'appTokens.jwksUrl',
    ],
    ['an empty issuer', () => ({ appTokens: { ...tokens, issuer: '' } }), 'BAD_USER_INPUT', 'appTokens.issuer'],
  ])('refuse %s, and change nothing', async (_name, input, code, field) => {
    const before = await testSide({});
    expect(refusalsOf(await set({ defaultCurrency: 'CHF', ...input() }))).toEqual([{ code, field }]);
    expect(await testSide({})).toEqual(before);
  });

  it('have an issuer and audience beside another team that has them: who came later is told to name his project', async () => {
    const [first, second] = [await createOperator(billgraph, foreign), owner];
    const appTokens = { ...tokens, issuer: 'https://shared.example.com' };
    const mustName = async (as: TestOperator, change: object = {}) =>
      (await set({ appTokens: { ...appTokens, ...change } }, as)).data.updateProjectSettings.settings.appTokens
        .mustNameProject;
    expect([await mustName(first), await mustName(second), await mustName(first)]).toEqual([false, true, false]);
    // What changes beside the issuer costs nobody his place.
    const change = { audience: 'other', jwksUrl: 'https://app.example.com/others.json' };
    expect([await mustName(first, change), await mustName(second)]).toEqual([false, true]);
    expect((await set({ appTokens: null }, first)).data.updateProjectSettings.settings.appTokens).toBeNull();
    expect([await mustName(second), await mustName(first)]).toEqual([false, true]);
    for (const one of [first, second]) await set({ appTokens: null }, one);
  });

  it('refuse an issuer and audience that another side of the team has', async () => {
    await testSide({ appTokens: tokens });
    const other = await set({ appTokens: tokens }, owner, live);
    expect(refusalsOf(other)).toEqual([{ code: 'CONFLICT', field: 'appTokens.audience' }]);
    expect((await set({ appTokens: { ...tokens, audience: 'live' } }, owner, live)).errors).toBeUndefined();
    await testSide({ appTokens: null });
  });
});

describe('is not allowed', () => {
  it('to an API key, whatever it holds', async () => {
    const input = { name: 'x' };
    const document = 'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }';
    expect(refusalsOf(await ask(billgraph, tenant.apiKey, document, { input }))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await ask(billgraph, tenant.apiKey, '{ projects { id } }'))).toEqual([{ code: 'FORBIDDEN' }]);
  });

  it('to a member or viewer, who sees them all the same', async () => {
    for (const role of ['MEMBER', 'VIEWER'] as const) {
      const person = await createOperator(billgraph, tenant, role);
      expect((await person.ask('{ projects { id } }')).data.projects).toEqual([{ id: tenant.projectId }]);
      const { projectId } = tenant;
      const all = [await create({ name: 'x' }, person), await set({}, person), await archive({ projectId }, person)];
      expect(all.flatMap(refusalsOf)).toEqual(Array(3).fill({ code: 'FORBIDDEN' }));
    }
  });
});
