import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { refusalsOf } from '../rig/graph.ts';
import { createOperator, type TestOperator } from '../rig/operator.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let owner: TestOperator;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  owner = await createOperator(billgraph, tenant);
});
afterAll(() => billgraph.close());

const waiting = async (count: number) => {
  const query =
    'select from pg_locks where not granted and pid in (select pid from pg_stat_activity where datname = current_database())';
  while ((await billgraph.app.orm.em.getConnection().execute(query)).length < count) await pause(10);
};

it('an admin who is demoted while his changes wait for the team can carry none of them out', async () => {
  const admin = await createOperator(billgraph, tenant, 'ADMIN');
  const { data } = await owner.ask('{ team { members { nodes { id operatorId } } } }');
  const memberId = data.team.members.nodes.find(({ operatorId }: any) => operatorId === admin.id).id;
  const demote = 'mutation ($id: ID!) { updateMemberRole(input: { memberId: $id, role: VIEWER }) { member { role } } }';
  const invite = 'mutation { inviteMember(input: { email: "friend@example.com", role: ADMIN }) { url } }';
  const [demoted, invited] = await billgraph.app.orm.em.fork().transactional(async (em) => {
    await em.execute('select from team where id = ? for update', [tenant.teamId]);
    // The locks are given in the order in which they were asked for.
    const demoting = owner.ask(demote, { id: memberId });
    await waiting(1);
    const inviting = admin.ask(invite);
    await waiting(2);
    return [demoting, inviting].map((one) => ({ one }));
  });
  expect((await demoted!.one).data.updateMemberRole.member.role).toBe('VIEWER');
  expect(refusalsOf(await invited!.one)).toEqual([{ code: 'FORBIDDEN' }]);
});
