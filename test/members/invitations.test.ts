import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/ids.ts';
import { TeamInvitation } from '../../src/tenancy/members/team-invitation.entity.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant, testPublicUrl } from '../rig/billgraph.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { createOperator, type TestOperator } from '../rig/operator.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let owner: TestOperator;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  owner = await createOperator(billgraph, tenant, 'OWNER');
});
afterAll(() => billgraph.close());

const invite = `mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { url invitation { id email role status } } }`;
const revoke = `mutation ($input: RevokeInvitationInput!) { revokeInvitation(input: $input) { invitation { status } } }`;
const accept = `mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { teamId member { role email } } }`;
const invitations = `{ team { invitations { nodes { id email status } } } }`;

async function invited(
  email: string,
  role = 'MEMBER',
  by = owner,
): Promise<{ id: string; token: string; url: string }> {
  const { data, errors } = await by.ask(invite, { input: { email, role } });
  if (errors) throw new Error(errors[0]!.message);
  const { url, invitation } = data.inviteMember;
  return { id: invitation.id, url, token: new URL(url).searchParams.get('token')! };
}
const statusOf = async (id: string) =>
  (await owner.ask(invitations)).data.team.invitations.nodes.find((one: any) => one.id === id).status;
const change = (id: string, data: Partial<TeamInvitation>) =>
  billgraph.app.orm.em.fork().nativeUpdate(TeamInvitation, { id }, data);

describe('inviteMember', () => {
  it('answers a link, whose secret is stored as a hash', async () => {
    const { data } = await owner.ask(invite, { input: { email: ' New@Example.com', role: 'VIEWER' } });
    expect(data.inviteMember.invitation).toMatchObject({ email: 'new@example.com', role: 'VIEWER', status: 'PENDING' });
    expect(data.inviteMember.url).toMatch(/^http:\/\/billgraph\.test\/auth\/invitation\?token=[\w-]{32}$/);
    expect(data.inviteMember.url.startsWith(testPublicUrl)).toBe(true);
    const rows = await billgraph.app.orm.em.getConnection().execute('select to_json(i)::text from team_invitation i');
    expect(JSON.stringify(rows)).not.toContain(data.inviteMember.url.slice(-32));
    expect(billgraph.logged.join()).not.toContain(data.inviteMember.url.slice(-32));
  });

  it('ends an older invitation of the address', async () => {
    const older = await invited('twice@example.com');
    const newer = await invited('Twice@example.com', 'ADMIN');
    expect([await statusOf(older.id), await statusOf(newer.id)]).toEqual(['REVOKED', 'PENDING']);
  });

  it('refuses an address that is none, one that is in the team, and what is not for the role', async () => {
    const by = (who: TestOperator, input: object) => who.ask(invite, { input });
    expect(refusalsOf(await by(owner, { email: 'nobody', role: 'MEMBER' }))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'email' },
    ]);
    expect(refusalsOf(await by(owner, { email: owner.email, role: 'MEMBER' }))).toEqual([
      { code: 'CONFLICT', field: 'email' },
    ]);
    const admin = await createOperator(billgraph, tenant, 'ADMIN');
    expect(refusalsOf(await by(admin, { email: 'o@example.com', role: 'OWNER' }))).toEqual([{ code: 'FORBIDDEN' }]);
    expect((await by(admin, { email: 'o@example.com', role: 'ADMIN' })).errors).toBeUndefined();
    for (const role of ['MEMBER', 'VIEWER'] as const) {
      const operator = await createOperator(billgraph, tenant, role);
      expect(refusalsOf(await by(operator, { email: 'p@example.com', role: 'VIEWER' }))).toEqual([
        { code: 'FORBIDDEN' },
      ]);
    }
    const key = await ask(billgraph, tenant.apiKey, invite, { input: { email: 'q@example.com', role: 'VIEWER' } });
    expect(refusalsOf(key)).toEqual([{ code: 'FORBIDDEN' }]);
  });
});

describe('acceptInvitation', () => {
  it('lets an operator in who is in no team yet, once', async () => {
    const newcomer = await createOperator(billgraph, null);
    const { token, id } = await invited(newcomer.email, 'ADMIN');
    const { data } = await newcomer.ask(accept, { input: { token } });
    expect(data.acceptInvitation).toEqual({ teamId: tenant.teamId, member: { role: 'ADMIN', email: newcomer.email } });
    expect((await newcomer.ask('{ viewer { role } }')).data).toEqual({ viewer: { role: 'ADMIN' } });
    expect(await statusOf(id)).toBe('ACCEPTED');
    expect(refusalsOf(await newcomer.ask(accept, { input: { token } }))).toEqual([
      { code: 'NOT_FOUND', field: 'token' },
    ]);
  });

  it('lets an operator of another team in', async () => {
    const foreign = await createTenant(billgraph);
    const other = await createOperator(billgraph, foreign, 'OWNER');
    const { token } = await invited(other.email);
    expect((await other.ask(accept, { input: { token } })).data.acceptInvitation.teamId).toBe(tenant.teamId);
    const here = await other.ask('{ viewer { role } }', {}, { 'billgraph-team': tenant.teamId });
    expect(here.data.viewer.role).toBe('MEMBER');
  });

  it('makes one member of an invitation that is accepted many times at once', async () => {
    const newcomer = await createOperator(billgraph, null);
    const { token } = await invited(newcomer.email);
    const answers = await Promise.all(Array.from({ length: 8 }, () => newcomer.ask(accept, { input: { token } })));
    expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
    expect(answers.flatMap(refusalsOf).every(({ code }) => ['NOT_FOUND', 'CONFLICT'].includes(code))).toBe(true);
  });

  it('refuses another address, an invitation that ended, and who is not signed in', async () => {
    const newcomer = await createOperator(billgraph, null);
    const by = async (token: string) => refusalsOf(await newcomer.ask(accept, { input: { token } }));
    const others = await invited('somebody-else@example.com');
    expect(await by(others.token)).toEqual([{ code: 'FORBIDDEN' }]);
    const expired = await invited(newcomer.email);
    await change(expired.id, { expiresAt: new Date(Date.now() - 1000) });
    expect(await statusOf(expired.id)).toBe('EXPIRED');
    expect(await by(expired.token)).toEqual([{ code: 'NOT_FOUND', field: 'token' }]);
    for (const token of ['', 'nonsense', '\0', 'x'.repeat(5000)])
      expect(await by(token)).toEqual([{ code: 'NOT_FOUND', field: 'token' }]);
    const { token } = await invited(newcomer.email);
    for (const credential of [null, tenant.apiKey])
      expect(refusalsOf(await ask(billgraph, credential, accept, { input: { token } }))).toEqual([
        { code: 'UNAUTHENTICATED' },
      ]);
    expect((await newcomer.ask(accept, { input: { token } })).errors).toBeUndefined();
    await invited('unrelated@example.com');
    expect((await newcomer.ask('{ viewer { role } }')).data.viewer.role).toBe('MEMBER');
  });
});

describe('revokeInvitation', () => {
  it('ends it', async () => {
    const newcomer = await createOperator(billgraph, null);
    const { id, token } = await invited(newcomer.email);
    const { data } = await owner.ask(revoke, { input: { invitationId: id } });
    expect(data.revokeInvitation.invitation).toEqual({ status: 'REVOKED' });
    expect(refusalsOf(await newcomer.ask(accept, { input: { token } }))).toEqual([
      { code: 'NOT_FOUND', field: 'token' },
    ]);
    // Once more is the same.
    expect((await owner.ask(revoke, { input: { invitationId: id } })).errors).toBeUndefined();
  });

  it('refuses what was accepted, what is not there, and who may not', async () => {
    const newcomer = await createOperator(billgraph, null);
    const { id, token } = await invited(newcomer.email, 'ADMIN');
    await newcomer.ask(accept, { input: { token } });
    const by = async (who: TestOperator, invitationId: string) =>
      refusalsOf(await who.ask(revoke, { input: { invitationId } }));
    expect(await by(owner, id)).toEqual([{ code: 'CONFLICT', field: 'invitationId' }]);
    const stranger = await createOperator(billgraph, await createTenant(billgraph), 'OWNER');
    const theirs = await invited('z@example.com', 'MEMBER', stranger);
    for (const other of [theirs.id, newId('invite'), 'nonsense'])
      expect(await by(owner, other)).toEqual([{ code: 'NOT_FOUND', field: 'invitationId' }]);
    const owners = await invited('next-owner@example.com', 'OWNER');
    expect(await by(newcomer, owners.id)).toEqual([{ code: 'FORBIDDEN' }]);
    const member = await createOperator(billgraph, tenant, 'MEMBER');
    expect(await by(member, owners.id)).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
