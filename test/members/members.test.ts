import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/ids.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { createOperator, type TestOperator } from '../rig/operator.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let foreign: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  foreign = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

const members = `{ team { id name members { totalCount nodes { id operatorId name email role } } } }`;
const setRole = `mutation ($input: UpdateMemberRoleInput!) { updateMemberRole(input: $input) { member { role } } }`;
const remove = `mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { memberId } }`;
const leave = `mutation ($input: LeaveTeamInput!) { leaveTeam(input: $input) { teamId } }`;
const transfer = `mutation ($input: TransferOwnershipInput!) { transferOwnership(input: $input) { owner { operatorId role } } }`;
const rename = `mutation ($input: UpdateTeamInput!) { updateTeam(input: $input) { team { name } } }`;

const roleOf = async ({ ask }: TestOperator) => (await ask('{ viewer { role } }')).data.viewer?.role;
const idOf = async (owner: TestOperator, { id }: TestOperator): Promise<string> =>
  (await owner.ask(members)).data.team.members.nodes.find((one: any) => one.operatorId === id).id;

/** A team of its own with an owner, and others. */
async function team() {
  tenant = await createTenant(billgraph);
  const join = (role: 'OWNER' | 'ADMIN' | 'MEMBER' | 'VIEWER') => createOperator(billgraph, tenant, role);
  return { tenant, owner: await join('OWNER'), join };
}

describe('team', () => {
  it('answers its members to whoever is in it', async () => {
    const { owner, join } = await team();
    const viewer = await join('VIEWER');
    const { data } = await viewer.ask(members);
    expect(data.team).toMatchObject({ id: tenant.teamId, name: 'Acme', members: { totalCount: 2 } });
    expect(data.team.members.nodes).toMatchObject([
      { operatorId: owner.id, email: owner.email, name: 'Olive Operator', role: 'OWNER' },
      { operatorId: viewer.id, email: viewer.email, role: 'VIEWER' },
    ]);
    const page = `{ team { members(first: 1) { nodes { operatorId } pageInfo { hasNextPage } } } }`;
    expect((await owner.ask(page)).data.team.members).toEqual({
      nodes: [{ operatorId: owner.id }],
      pageInfo: { hasNextPage: true },
    });
  });

  it('is not for keys', async () => {
    await team();
    const answer = await ask(billgraph, tenant.apiKey, '{ team { id } }');
    expect(refusalsOf(answer)).toEqual([{ code: 'FORBIDDEN' }]);
    expect(answer.errors![0]!.message).toContain('Only a signed-in operator');
    const around = await ask(billgraph, tenant.apiKey, '{ viewer { team { id members { totalCount } } } }');
    expect(refusalsOf(around)).toEqual([{ code: 'FORBIDDEN' }]);
  });

  it('works where no project is named', async () => {
    const { owner } = await team();
    await createTenant(billgraph, { teamId: tenant.teamId });
    expect((await owner.ask('{ team { id } viewer { project { id } } }')).data).toEqual({
      team: { id: tenant.teamId },
      viewer: { project: null },
    });
  });

  it('is renamed by owner and admin', async () => {
    const { owner, join } = await team();
    const admin = await join('ADMIN');
    expect((await owner.ask(rename, { input: { name: ' Umbrella ' } })).data.updateTeam.team.name).toBe('Umbrella');
    expect((await admin.ask(rename, { input: { name: 'Acme' } })).errors).toBeUndefined();
    const member = await join('MEMBER');
    expect(refusalsOf(await member.ask(rename, { input: { name: 'Mine' } }))).toEqual([{ code: 'FORBIDDEN' }]);
    for (const name of ['', ' ', 'x'.repeat(101), '\0'])
      expect(refusalsOf(await owner.ask(rename, { input: { name } }))).toEqual([
        { code: 'BAD_USER_INPUT', field: 'name' },
      ]);
  });
});

describe('updateMemberRole', () => {
  it('changes what a member may do, at once', async () => {
    const { owner, join } = await team();
    const member = await join('MEMBER');
    const answer = await owner.ask(setRole, { input: { memberId: await idOf(owner, member), role: 'ADMIN' } });
    expect(answer.data).toEqual({ updateMemberRole: { member: { role: 'ADMIN' } } });
    expect(await roleOf(member)).toBe('ADMIN');
  });

  it('makes no owners at the hand of an admin, and demotes none', async () => {
    const { owner, join } = await team();
    const [admin, member] = [await join('ADMIN'), await join('MEMBER')];
    for (const [who, role] of [
      [member, 'OWNER'],
      [admin, 'OWNER'],
      [owner, 'MEMBER'],
    ] as const) {
      const answer = await admin.ask(setRole, { input: { memberId: await idOf(owner, who), role } });
      expect(refusalsOf(answer)).toEqual([{ code: 'FORBIDDEN' }]);
    }
    expect([await roleOf(owner), await roleOf(admin), await roleOf(member)]).toEqual(['OWNER', 'ADMIN', 'MEMBER']);
  });

  it('does not demote the last owner', async () => {
    const { owner, join } = await team();
    const demote = { input: { memberId: await idOf(owner, owner), role: 'VIEWER' } };
    expect(refusalsOf(await owner.ask(setRole, demote))).toEqual([{ code: 'CONFLICT' }]);
    await join('OWNER');
    expect((await owner.ask(setRole, demote)).errors).toBeUndefined();
  });

  it('is not for members, and knows nobody of another team', async () => {
    const { owner, join } = await team();
    const member = await join('MEMBER');
    const input = { memberId: await idOf(owner, owner), role: 'VIEWER' };
    expect(refusalsOf(await member.ask(setRole, { input }))).toEqual([{ code: 'FORBIDDEN' }]);
    const stranger = await createOperator(billgraph, foreign, 'OWNER');
    for (const memberId of [await idOf(stranger, stranger), newId('mem'), 'nonsense', '\0'])
      for (const [document, more] of [
        [setRole, { role: 'VIEWER' }],
        [remove, {}],
        [transfer, {}],
      ] as const)
        expect(refusalsOf(await owner.ask(document, { input: { memberId, ...more } }))).toEqual([
          { code: 'NOT_FOUND', field: 'memberId' },
        ]);
  });
});

describe('removeMember', () => {
  it('ends what somebody may do, at once', async () => {
    const { owner, join } = await team();
    const member = await join('ADMIN');
    expect((await member.ask('{ customers { totalCount } }')).errors).toBeUndefined();
    const memberId = await idOf(owner, member);
    expect((await owner.ask(remove, { input: { memberId } })).data).toEqual({ removeMember: { memberId } });
    expect(refusalsOf(await member.ask('{ customers { totalCount } }'))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await member.ask(setRole, { input: { memberId, role: 'OWNER' } }))).toEqual([
      { code: 'FORBIDDEN' },
    ]);
    const named = await member.ask('{ viewer { id } }', {}, { 'billgraph-team': tenant.teamId });
    expect(refusalsOf(named)).toEqual([{ code: 'NOT_FOUND', field: 'Billgraph-Team' }]);
  });

  it('removes no owner at the hand of an admin, and never the last one', async () => {
    const { owner, join } = await team();
    const [admin, member, memberId] = [await join('ADMIN'), await join('MEMBER'), await idOf(owner, owner)];
    expect(refusalsOf(await admin.ask(remove, { input: { memberId } }))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await member.ask(remove, { input: { memberId } }))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await owner.ask(remove, { input: { memberId } }))).toEqual([{ code: 'CONFLICT' }]);
    expect(await roleOf(owner)).toBe('OWNER');
  });
});

describe('leaveTeam', () => {
  it('ends the own membership, whatever the role', async () => {
    const { join } = await team();
    for (const role of ['ADMIN', 'MEMBER', 'VIEWER', 'OWNER'] as const) {
      const operator = await join(role);
      expect((await operator.ask(leave, { input: { teamId: tenant.teamId } })).errors).toBeUndefined();
      expect(await roleOf(operator)).toBeUndefined();
    }
  });

  it('does not let the last owner go, nor out of a team that is not meant', async () => {
    const { owner } = await team();
    const out = (teamId: string) => owner.ask(leave, { input: { teamId } });
    expect(refusalsOf(await out(tenant.teamId))).toEqual([{ code: 'CONFLICT' }]);
    expect(refusalsOf(await out(foreign.teamId))).toEqual([{ code: 'NOT_FOUND', field: 'teamId' }]);
    expect(refusalsOf(await ask(billgraph, tenant.apiKey, leave, { input: { teamId: tenant.teamId } }))).toEqual([
      { code: 'FORBIDDEN' },
    ]);
  });

  it('keeps one of two owners who leave, remove or demote each other at once', async () => {
    for (let round = 0; round < 6; round++) {
      const { owner, join } = await team();
      const other = await join('OWNER');
      const [first, second] = [await idOf(owner, owner), await idOf(owner, other)];
      const ways = [
        (who: TestOperator) => who.ask(leave, { input: { teamId: tenant.teamId } }),
        (who: TestOperator) => who.ask(remove, { input: { memberId: who === owner ? second : first } }),
        (who: TestOperator) =>
          who.ask(setRole, { input: { memberId: who === owner ? first : second, role: 'VIEWER' } }),
      ];
      const answers = await Promise.all([ways[round % 3]!(owner), ways[(round + (round > 2 ? 1 : 0)) % 3]!(other)]);
      // Only who demotes himself first may be removed after it without a refusal.
      const refused = answers.flatMap(refusalsOf).map(({ code }) => code);
      expect(refused.filter((code) => !['CONFLICT', 'FORBIDDEN', 'NOT_FOUND'].includes(code))).toEqual([]);
      if (round < 3) expect(refused).toHaveLength(1);
      expect([await roleOf(owner), await roleOf(other)].filter((role) => role === 'OWNER')).toHaveLength(1);
    }
  });
});

describe('transferOwnership', () => {
  it('makes one an owner, and the other an admin', async () => {
    const { owner, join } = await team();
    const member = await join('MEMBER');
    const { data } = await owner.ask(transfer, { input: { memberId: await idOf(owner, member) } });
    expect(data).toEqual({ transferOwnership: { owner: { operatorId: member.id, role: 'OWNER' } } });
    expect(await roleOf(owner)).toBe('ADMIN');
  });

  it('is for owners, and not to oneself', async () => {
    const { owner, join } = await team();
    const admin = await join('ADMIN');
    const to = (memberId: string) => ({ input: { memberId } });
    expect(refusalsOf(await admin.ask(transfer, to(await idOf(owner, admin))))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await owner.ask(transfer, to(await idOf(owner, owner))))).toEqual([
      { code: 'CONFLICT', field: 'memberId' },
    ]);
  });
});
