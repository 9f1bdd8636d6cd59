import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask } from '../rig/graph.ts';
import { cookiesOf, createOperator, pageHeaders, type TestOperator } from '../rig/operator.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let owner: TestOperator;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  owner = await createOperator(billgraph, tenant, 'OWNER');
});
afterAll(() => billgraph.close());

async function invited(email: string): Promise<string> {
  const document = `mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { url } }`;
  const { data } = await owner.ask(document, { input: { email, role: 'MEMBER' } });
  return new URL(data.inviteMember.url).searchParams.get('token')!;
}
const pageOf = (token: string) => fetch(`${billgraph.url}/auth/invitation?token=${token}`);
const join = (input: Record<string, string>) =>
  fetch(`${billgraph.url}/auth/invitation`, {
    method: 'POST',
    body: new URLSearchParams(input),
    redirect: 'manual',
  });
const roleWith = async (cookie: string) =>
  (await ask(billgraph, null, '{ viewer { role } }', {}, { cookie, ...pageHeaders })).data.viewer?.role;

describe('an invited person', () => {
  it('who is new chooses a name and a password, and is in', async () => {
    const token = await invited('new@example.com');
    const html = await (await pageOf(token)).text();
    expect(html).toContain('Join Acme');
    expect(html).toContain('new@example.com');
    expect(html).toContain('id="name"');
    const answer = await join({ token, name: 'Nora', password: 'a long enough password' });
    expect(answer.status).toBe(303);
    expect(await roleWith(cookiesOf(answer.headers))).toBe('MEMBER');
    expect((await pageOf(token)).status).toBe(404);
  });

  it('cannot join under another address', async () => {
    const token = await invited('named@example.com');
    await join({ token, name: 'Eve', email: 'eve@example.com', password: 'a long enough password' });
    const { data } = await owner.ask('{ team { members { nodes { email } } } }');
    const emails = data.team.members.nodes.map(({ email }: { email: string }) => email);
    expect(emails).toContain('named@example.com');
    expect(emails).not.toContain('eve@example.com');
  });

  it('who has an account joins with its password, and with no other', async () => {
    const other = await createOperator(billgraph, null);
    const token = await invited(other.email);
    const html = await (await pageOf(token)).text();
    expect(html).toContain('You have an account here already');
    expect(html).not.toContain('id="name"');
    const wrong = await join({ token, password: 'not his password' });
    expect([wrong.status, wrong.headers.getSetCookie()]).toEqual([400, []]);
    expect(await wrong.text()).toContain('This password is wrong');
    const right = await join({ token, password: other.password });
    expect(right.status).toBe(303);
    expect(await roleWith(cookiesOf(right.headers))).toBe('MEMBER');
    expect(await roleWith(other.cookie)).toBe('MEMBER');
  });

  it('is one member and one operator, however often the form is sent at once', async () => {
    const token = await invited('eager@example.com');
    const input = { token, name: 'Eager', password: 'a long enough password' };
    const answers = await Promise.all(Array.from({ length: 6 }, () => join(input)));
    // Who comes later finds the operator there and signs in as him, or finds the invitation used.
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.every(({ status }) => [303, 400, 404, 409, 429].includes(status))).toBe(true);
  });

  it('is refused with a weak password', async () => {
    const token = await invited('weak@example.com');
    const answer = await join({ token, name: 'Weak', password: 'short' });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('at least 12');
    expect((await pageOf(token)).status).toBe(200);
  });

  it('may be a program', async () => {
    const token = await invited('program@example.com');
    const answer = await fetch(`${billgraph.url}/auth/invitation`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, name: 'Program', password: 'a long enough password' }),
    });
    expect(await answer.json()).toEqual({ operatorId: expect.stringMatching(/^op_/), teamId: tenant.teamId });
    expect(await roleWith(cookiesOf(answer.headers))).toBe('MEMBER');
  });
});

describe('passwords cannot be tried at will', () => {
  it('neither by signing in nor with an invitation: five a minute from one address, all processes together', async () => {
    const victim = await createOperator(billgraph, null);
    const token = await invited(victim.email);
    const attempt = (password: string) =>
      fetch(`${billgraph.url}/auth/sign-in/email`, {
        method: 'POST',
        // What a client says of its address does not count.
        headers: {
          'content-type': 'application/json',
          origin: pageHeaders.origin,
          'x-forwarded-for': password,
          'x-billgraph-address': password,
        },
        body: JSON.stringify({ email: victim.email, password }),
      });
    await billgraph.app.orm.em.getConnection().execute('delete from operator_rate_limit');
    const statuses = (await Promise.all(Array.from({ length: 12 }, (_, index) => attempt(`10.0.0.${index}`)))).map(
      ({ status }) => status,
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(7);
    const refused = await attempt(victim.password);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('x-retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('x-retry-after'))).toBeLessThanOrEqual(60);
    const byInvitation = await join({ token, password: victim.password });
    expect([byInvitation.status, byInvitation.headers.getSetCookie()]).toEqual([429, []]);
  });
});
