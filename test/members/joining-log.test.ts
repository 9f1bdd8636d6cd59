import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createOperator, type TestOperator } from '../rig/operator.ts';

/** Who joins a team is in its audit log, however he came; and in no other team's. */

let billgraph: Billgraph;
let tenant: TestTenant;
let owner: TestOperator;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  owner = await createOperator(billgraph, tenant);
});
afterAll(() => billgraph.close());

const accept = 'mutation ($token: String!) { acceptInvitation(input: { token: $token }) { member { id operatorId } } }';
const log =
  '{ auditLog(filter: { mutation: "acceptInvitation" }) { nodes { actor { kind id role } subjectType subjectId after projectId environment ip requestId } } }';

async function invited(email: string): Promise<string> {
  const document = `mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { url } }`;
  const { data } = await owner.ask(document, { input: { email, role: 'MEMBER' } });
  return new URL(data.inviteMember.url).searchParams.get('token')!;
}
const joining = async (operatorId: string) =>
  (await owner.ask(log)).data.auditLog.nodes.filter(
    ({ actor, subjectType }: any) => actor.id === operatorId && subjectType === 'TeamMember',
  );
const entryOf = (operatorId: string, memberId: unknown = expect.any(String)) => ({
  actor: { kind: 'OPERATOR', id: operatorId, role: null },
  subjectType: 'TeamMember',
  subjectId: memberId,
  after: expect.stringContaining(operatorId),
  projectId: null,
  environment: null,
  ip: '127.0.0.1',
  requestId: expect.stringMatching(/^req_/),
});

it('of somebody who is in another team, which learns nothing of it', async () => {
  const elsewhere = await createTenant(billgraph);
  const stranger = await createOperator(billgraph, elsewhere, 'ADMIN');
  const { data } = await stranger.ask(accept, { token: await invited(stranger.email) });
  const { id } = data.acceptInvitation.member;
  expect(await joining(stranger.id)).toEqual([entryOf(stranger.id, id)]);
  const own = await stranger.ask(log, {}, { 'billgraph-team': elsewhere.teamId });
  expect(own.data.auditLog.nodes).toEqual([]);
});

it('of somebody who is in no team', async () => {
  const alone = await createOperator(billgraph, null);
  const { data } = await alone.ask(accept, { token: await invited(alone.email) });
  expect(await joining(alone.id)).toEqual([entryOf(alone.id, data.acceptInvitation.member.id)]);
});

it('of somebody new, by the page; and of an operator, by his password', async () => {
  const join = async (body: object) => {
    const answer = await fetch(`${billgraph.url}/auth/invitation`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return ((await answer.json()) as { operatorId: string }).operatorId;
  };
  const password = 'a long enough password';
  const newcomer = await join({ token: await invited('nora@example.com'), name: 'Nora', password });
  const known = await createOperator(billgraph, null);
  const operator = await join({ token: await invited(known.email), password: known.password });
  for (const id of [newcomer, operator]) expect(await joining(id)).toEqual([entryOf(id)]);
});

it('once, where one new address is invited by two teams and joins both at once', async () => {
  const other = await createOperator(billgraph, await createTenant(billgraph));
  const document = `mutation { inviteMember(input: { email: "twin@example.com", role: MEMBER }) { url } }`;
  const tokens = await Promise.all(
    [owner, other].map(async ({ ask }) =>
      new URL((await ask(document)).data.inviteMember.url).searchParams.get('token'),
    ),
  );
  const statuses = tokens.map(async (token) => {
    const body = new URLSearchParams({ token: token!, name: 'Twin', password: 'a long enough password' });
    return (await fetch(`${billgraph.url}/auth/invitation`, { method: 'POST', body, redirect: 'manual' })).status;
  });
  expect((await Promise.all(statuses)).filter((status) => status >= 500)).toEqual([]);
});
