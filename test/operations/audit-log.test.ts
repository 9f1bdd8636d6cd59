import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerDocument, CreateCustomerTokenDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { createOperator, type TestOperator } from '../rig/operator.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let operator: TestOperator;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  operator = await createOperator(billgraph, tenant, 'ADMIN');
});
afterAll(() => billgraph.close());

const log = `query ($filter: AuditLogFilter, $last: Int) {
  auditLog(filter: $filter, last: $last) {
    totalCount
    nodes { id actor { kind id role } mutation subjectType subjectId before after projectId environment ip userAgent requestId createdAt }
  }
}`;
const entries = async (filter: object, last?: number) =>
  (await operator.ask(log, { filter, last })).data.auditLog.nodes.map((entry: any) => ({
    ...entry,
    before: JSON.parse(entry.before),
    after: JSON.parse(entry.after),
  }));

const create = (input: object, headers: Record<string, string> = {}) =>
  ask(billgraph, tenant.apiKey, CreateCustomerDocument, { input }, headers);

describe('answers', () => {
  it('who wrote what, from where, as one entry from the first state to the last', async () => {
    const input = { email: 'ada@example.com', name: 'Ada', metadata: { plan: 'gold' } };
    const { data, headers } = await create(input, { 'user-agent': 'acme/1.0' });
    const { id, stripeCustomerId } = data.createCustomer.customer;
    expect(await entries({ subject: id })).toMatchObject([
      {
        actor: { kind: 'API_KEY', id: expect.stringMatching(/^key_/), role: null },
        mutation: 'createCustomer',
        subjectType: 'Customer',
        before: null,
        after: { ...input, stripeCustomerId },
        projectId: tenant.projectId,
        environment: 'TEST',
        ip: '127.0.0.1',
        userAgent: 'acme/1.0',
        requestId: headers.get('x-request-id'),
      },
    ]);
  });

  it("an operator's change, as it was and as it became, and secrets left out", async () => {
    const invite = `mutation { inviteMember(input: { email: "new@example.com", role: MEMBER }) { invitation { id } url } }`;
    const { data } = await operator.ask(invite);
    const [entry] = await entries({ subject: data.inviteMember.invitation.id });
    expect(entry).toMatchObject({
      actor: { kind: 'OPERATOR', id: operator.id, role: 'ADMIN' },
      mutation: 'inviteMember',
      after: { email: 'new@example.com', tokenHash: '[secret]' },
    });
    await operator.ask('mutation { updateTeam(input: { name: "Acme Ltd" }) { team { id } } }');
    expect(await entries({ subject: tenant.teamId }, 1)).toMatchObject([
      { mutation: 'updateTeam', before: { name: 'Acme' }, after: { name: 'Acme Ltd' } },
    ]);
  });

  it('what was written by a statement, or as a token, by the note of it; and nothing secret', async () => {
    const { data } = await create({ email: 'token@example.com' });
    const { id } = data.createCustomer.customer;
    const mint = { input: { customerId: id, scopes: ['customers:read'] } };
    const { token } = (await ask(billgraph, tenant.apiKey, CreateCustomerTokenDocument, mint)).data.createCustomerToken;
    const found = await entries({ subject: id, mutation: 'createCustomerToken' });
    expect(found).toMatchObject([{ subjectType: 'Customer', after: { scopes: ['customers:read'] } }]);
    expect(JSON.stringify(found)).not.toContain(token);
  });

  it('one entry for a call that is repeated with its key', async () => {
    const input = { email: 'again@example.com', idempotencyKey: 'again' };
    const { data } = await create(input);
    await create(input);
    expect(await entries({ subject: data.createCustomer.customer.id })).toHaveLength(1);
  });

  it('nothing of a call that was refused', async () => {
    await create({ email: 'twice@example.com' });
    const from = new Date().toISOString();
    await create({ email: 'twice@example.com' });
    await create({ email: 'no address' });
    expect(await entries({ from })).toEqual([]);
  });

  it('by actor and time, in pages', async () => {
    const to = new Date().toISOString();
    expect((await entries({ actor: operator.id })).length).toBeGreaterThanOrEqual(2);
    expect(await entries({ actor: 'key_nobody' })).toEqual([]);
    expect(await entries({ actor: 'with \0' })).toEqual([]);
    expect(await entries({ to: '2020-01-01T00:00:00Z' })).toEqual([]);
    const all = await entries({ to });
    expect(await entries({ to }, 2)).toEqual(all.slice(-2));
  });
});

describe('is not allowed', () => {
  it.each(['update audit_entry set actor_id = null', 'delete from audit_entry', 'truncate audit_entry'])(
    'to the server itself: %s',
    async (statement) => {
      await expect(billgraph.app.orm.em.fork().execute(statement)).rejects.toThrow('permission denied');
    },
  );

  it('to an API key, whatever it holds; and shows no other team', async () => {
    const refused = await ask(billgraph, tenant.apiKey, '{ auditLog { totalCount } }');
    expect(refusalsOf(refused)).toEqual([{ code: 'FORBIDDEN' }]);
    const stranger = await createOperator(billgraph, await createTenant(billgraph), 'OWNER');
    expect((await stranger.ask('{ auditLog { totalCount } }')).data).toEqual({ auditLog: { totalCount: 0 } });
  });
});
