import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKey } from '../../src/identity/access/api-key.entity.ts';
import { hashApiKey } from '../../src/identity/access/api-key-format.ts';
import { keyScopes, operatorScopes, scopes } from '../../src/identity/access/scopes.ts';
import { newId } from '../../src/ids.ts';
import { TeamMember } from '../../src/tenancy/members/team-member.entity.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { createOperator } from '../rig/operator.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let foreign: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  foreign = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

const query = `{ viewer { kind id scopes role team { id } project { id name } environment
  customers: can(scope: "customers:read") keys: can(scope: "keys:write") nonsense: can(scope: "nonsense") } }`;
const customers = '{ customers { totalCount } }';

describe('viewer', () => {
  it('is nobody without a credential', async () => {
    expect(await ask(billgraph, null, query)).toMatchObject({ status: 200, data: { viewer: null }, errors: undefined });
  });

  it('is a key', async () => {
    const { data } = await ask(billgraph, await tenant.newApiKey({ scopes: ['customers:read'] }), query);
    expect(data.viewer).toMatchObject({
      kind: 'API_KEY',
      scopes: ['customers:read'],
      role: null,
      team: { id: tenant.teamId },
      project: { id: tenant.projectId, name: 'Acme App' },
      environment: 'TEST',
      customers: true,
      keys: false,
      nonsense: false,
    });
  });

  it('is a customer, who learns nothing of the team', async () => {
    const create = `mutation { createCustomer(input: { email: "a@example.com" }) { customer { id } } }`;
    const { customer } = (await ask(billgraph, tenant.apiKey, create)).data.createCustomer;
    const mint = `mutation ($id: ID!) { createCustomerToken(input: { customerId: $id, scopes: ["customers:read"] }) { token } }`;
    const { token } = (await ask(billgraph, tenant.apiKey, mint, { id: customer.id })).data.createCustomerToken;
    const { data } = await ask(billgraph, token, query);
    expect(data.viewer).toMatchObject({ kind: 'CUSTOMER_TOKEN', id: customer.id, team: null, customers: true });
  });

  it('is an operator, with the scopes of his role', async () => {
    const operator = await createOperator(billgraph, tenant, 'OWNER');
    const { data } = await operator.ask(query);
    expect(data.viewer).toMatchObject({ kind: 'OPERATOR', id: operator.id, role: 'OWNER', environment: 'TEST' });
    expect(data.viewer.scopes).toEqual([...scopes].sort());
    expect(data.viewer).toMatchObject({ team: { id: tenant.teamId }, project: { id: tenant.projectId }, keys: true });
  });

  it('is nobody in no team, who may do nothing', async () => {
    const operator = await createOperator(billgraph, null);
    expect((await operator.ask(query)).data).toEqual({ viewer: null });
    expect(refusalsOf(await operator.ask(customers))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});

describe('a role', () => {
  const scopesOf = async (role: 'VIEWER' | 'MEMBER' | 'ADMIN'): Promise<string[]> =>
    (await (await createOperator(billgraph, tenant, role)).ask(query)).data.viewer.scopes;

  it('of a viewer reads everything and writes nothing', async () => {
    expect(await scopesOf('VIEWER')).toEqual(scopes.filter((scope) => scope.endsWith(':read')).sort());
    const viewer = await createOperator(billgraph, tenant, 'VIEWER');
    const answer = await viewer.ask(
      `mutation { createCustomer(input: { email: "b@example.com" }) { customer { id } } }`,
    );
    expect(refusalsOf(answer)).toEqual([{ code: 'FORBIDDEN' }]);
    expect(answer.errors![0]!.extensions.missingScopes).toEqual(['customers:write']);
  });

  it('of a member does what a key may, and manages nobody', async () => {
    const held = await scopesOf('MEMBER');
    expect(held).toEqual(expect.arrayContaining(keyScopes));
    expect(held.filter((scope) => operatorScopes.some((one) => one === scope && !scope.endsWith(':read')))).toEqual([]);
    const member = await createOperator(billgraph, tenant, 'MEMBER');
    const answer = await member.ask(
      `mutation { createCustomer(input: { email: "c@example.com" }) { customer { id } } }`,
    );
    expect(answer.errors).toBeUndefined();
  });

  it('of an admin does all but handing the team over', async () => {
    expect(await scopesOf('ADMIN')).toEqual(scopes.filter((scope) => scope !== 'team:transfer').sort());
  });

  it('counts as it is in this moment', async () => {
    const operator = await createOperator(billgraph, tenant, 'MEMBER');
    const em = billgraph.app.orm.em.fork();
    expect((await operator.ask('{ viewer { role } }')).data).toEqual({ viewer: { role: 'MEMBER' } });
    await em.nativeUpdate(TeamMember, { operator: operator.id }, { role: 'VIEWER' });
    expect((await operator.ask('{ viewer { role } }')).data).toEqual({ viewer: { role: 'VIEWER' } });
    await em.nativeDelete(TeamMember, { operator: operator.id });
    expect((await operator.ask('{ viewer { role } }')).data).toEqual({ viewer: null });
  });

  it('is of people: a key does not hold their rights, even if its row says so', async () => {
    const key = await tenant.newApiKey({ scopes: ['customers:read'] });
    const em = billgraph.app.orm.em.fork();
    await em.nativeUpdate(ApiKey, { hash: hashApiKey(key) }, { scopes: ['customers:read', ...operatorScopes] });
    expect((await ask(billgraph, key, query)).data.viewer.scopes).toEqual(['customers:read']);
  });
});

describe('where an operator works', () => {
  it('is said by headers', async () => {
    const sibling = await createTenant(billgraph, { teamId: foreign.teamId });
    const operator = await createOperator(billgraph, foreign, 'MEMBER');
    const at = (headers: Record<string, string>) => operator.ask(query, {}, headers);
    expect((await at({})).data.viewer).toMatchObject({ project: null, environment: 'TEST' });
    expect(refusalsOf(await operator.ask(customers))).toEqual([{ code: 'BAD_USER_INPUT', field: 'Billgraph-Project' }]);
    const live = await at({ 'billgraph-project': sibling.projectId, 'billgraph-environment': 'LIVE' });
    expect(live.data.viewer).toMatchObject({ project: { id: sibling.projectId }, environment: 'LIVE' });
    const answer = await operator.ask(customers, {}, { 'billgraph-project': sibling.projectId });
    expect(answer.data).toEqual({ customers: { totalCount: 0 } });
  });

  it('cannot be the team or project of others', async () => {
    const operator = await createOperator(billgraph, tenant, 'OWNER');
    const refused = async (headers: Record<string, string>) => {
      const answer = await operator.ask(customers, {}, headers);
      return [answer.status, ...refusalsOf(answer)];
    };
    for (const teamId of [foreign.teamId, newId('team'), 'nonsense'])
      expect(await refused({ 'billgraph-team': teamId })).toEqual([
        404,
        { code: 'NOT_FOUND', field: 'Billgraph-Team' },
      ]);
    for (const projectId of [foreign.projectId, newId('prj'), 'nonsense'])
      expect(await refused({ 'billgraph-project': projectId })).toEqual([
        404,
        { code: 'NOT_FOUND', field: 'Billgraph-Project' },
      ]);
    expect(await refused({ 'billgraph-environment': 'PROD' })).toEqual([
      400,
      { code: 'BAD_USER_INPUT', field: 'Billgraph-Environment' },
    ]);
  });

  it('is one of his teams, by the header or the one that he chose', async () => {
    const operator = await createOperator(billgraph, tenant, 'OWNER');
    const em = billgraph.app.orm.em.fork();
    em.create(TeamMember, { id: newId('mem'), team: foreign.teamId, operator: operator.id, role: 'VIEWER' });
    await em.flush();
    const teams = '{ viewer { role team { id } } }';
    expect(refusalsOf(await operator.ask(teams))).toEqual([{ code: 'BAD_USER_INPUT', field: 'Billgraph-Team' }]);
    const named = await operator.ask(teams, {}, { 'billgraph-team': foreign.teamId });
    expect(named.data.viewer).toEqual({ role: 'VIEWER', team: { id: foreign.teamId } });

    const { cookie } = operator;
    const page = { cookie, origin: 'http://billgraph.test', 'content-type': 'application/json' };
    const list = await fetch(`${billgraph.url}/auth/organization/list`, { headers: page });
    expect(((await list.json()) as { id: string }[]).map(({ id }) => id).sort()).toEqual(
      [tenant.teamId, foreign.teamId].sort(),
    );
    const choose = (organizationId: string) =>
      fetch(`${billgraph.url}/auth/organization/set-active`, {
        method: 'POST',
        headers: page,
        body: JSON.stringify({ organizationId }),
      });
    expect((await choose(foreign.teamId)).status).toBe(200);
    expect((await operator.ask(teams)).data.viewer.team).toEqual({ id: foreign.teamId });
    const other = await createTenant(billgraph);
    expect((await choose(other.teamId)).status).toBe(403);
  });
});
