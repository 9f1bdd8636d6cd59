import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Operator } from '../../src/identity/operators/operator.entity.ts';
import { OperatorVerification } from '../../src/identity/operators/operator-verification.entity.ts';
import { createSetupLink } from '../../src/tenancy/onboarding/create-setup-link.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant, testPublicUrl } from '../rig/billgraph.ts';
import { ask } from '../rig/graph.ts';
import { cookiesOf, pageHeaders } from '../rig/operator.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

async function newToken() {
  const link = await createSetupLink({ em: billgraph.app.orm.em.fork() }, testPublicUrl);
  expect(link).toMatch(/^http:\/\/billgraph\.test\/auth\/setup\?token=[\w-]{32}$/);
  return link.slice(-32);
}
const person = (email: string) => ({ name: 'Olive <b>', email, password: 'correct horse battery' });
const at = (path: string) => `${billgraph.url}/auth/${path}`;
const send = (input: Record<string, string>) =>
  fetch(at('setup'), { method: 'POST', body: new URLSearchParams(input), redirect: 'manual' });
const count = () => billgraph.app.orm.em.fork().count(Operator);

describe('the link of the first operator', () => {
  it('opens a form that needs no script, and makes an owner who is signed in', async () => {
    const token = await newToken();
    const page = await fetch(at(`setup?token=${token}`));
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(html).toContain('<label for="email">');
    expect(html).not.toContain('<script');

    const answer = await send({ token, ...person('First@Example.com') });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/auth/welcome']);
    const cookie = cookiesOf(answer.headers);
    const welcome = await fetch(at('welcome'), { headers: { cookie } });
    const greeting = await welcome.text();
    expect(greeting).toContain('first@example.com');
    expect(greeting).toContain('Olive &lt;b&gt;');
    const { data } = await ask(billgraph, null, '{ viewer { role team { id } } }', {}, { cookie, ...pageHeaders });
    expect(data.viewer).toEqual({ role: 'OWNER', team: { id: tenant.teamId } });
  });

  it('works once, and ends all others', async () => {
    const [token, other] = [await newToken(), await newToken()];
    expect((await send({ token, ...person('once@example.com') })).status).toBe(303);
    for (const used of [token, other]) {
      const again = await send({ token: used, ...person('twice@example.com') });
      expect(again.status).toBe(404);
      expect(await again.text()).toContain('was used or has expired');
      expect((await fetch(at(`setup?token=${used}`))).status).toBe(404);
    }
  });

  it('makes one owner where many use it at once', async () => {
    const before = await count();
    const [token, other] = [await newToken(), await newToken()];
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        send({ token: index % 2 ? token : other, ...person(`race${index}@example.com`) }),
      ),
    );
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(7);
    expect(await count()).toBe(before + 1);
  });

  it('stops working after a day, and is stored as a hash', async () => {
    const token = await newToken();
    const em = billgraph.app.orm.em.fork();
    expect(JSON.stringify(await em.findAll(OperatorVerification))).not.toContain(token);
    await em.nativeUpdate(OperatorVerification, {}, { expiresAt: new Date(Date.now() - 1000) });
    expect((await send({ token, ...person('late@example.com') })).status).toBe(404);
    expect(billgraph.logged.join()).not.toContain(token);
  });

  it('comes again with what is wrong, and what was typed', async () => {
    const token = await newToken();
    for (const [wrong, field, message] of [
      [{ name: ' ' }, 'name', 'may not be empty'],
      [{ email: 'nobody' }, 'email', 'not an email address'],
      [{ password: 'short' }, 'password', 'at least 12'],
      [{ password: 'x'.repeat(129) }, 'password', 'at most 128'],
      [{ email: 'once@example.com' }, 'email', 'has this email already'],
    ] as const) {
      const answer = await send({ token, ...person('right@example.com'), ...wrong });
      const html = await answer.text();
      expect([400, 409]).toContain(answer.status);
      expect(html).toMatch(new RegExp(`<input id="${field}"[^>]*aria-invalid="true"`));
      expect(html).toContain(message);
      expect(html).not.toContain('correct horse battery');
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    const asJson = (body: string) =>
      fetch(at('setup'), { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const short = await asJson(JSON.stringify({ token, ...person('json@example.com'), password: 'short' }));
    expect([short.status, ((await short.json()) as any).errors[0].extensions]).toMatchObject([
      400,
      { code: 'BAD_USER_INPUT', field: 'password' },
    ]);
    for (const body of ['', '[]', 'null', '{', '{"token":1}']) expect((await asJson(body)).status).toBe(400);
    const made = await asJson(JSON.stringify({ token, ...person('json@example.com') }));
    expect([made.status, await made.json()]).toEqual([200, { operatorId: expect.stringMatching(/^op_/) }]);
  });

  it('is nothing without a token', async () => {
    for (const path of ['setup', 'setup?token=', 'setup?token=a&token=b', 'setup?token=%00', 'invitation'])
      expect((await fetch(at(path))).status).toBe(404);
    expect((await fetch(at('welcome'))).status).toBe(401);
    expect((await send({})).status).toBe(404);
  });
});

describe('better-auth', () => {
  it('signs nobody up, and lets nobody change teams past the graph', async () => {
    for (const path of [
      'sign-up/email',
      'organization/create',
      'organization/invite-member',
      'organization/accept-invitation',
      'organization/add-member',
      'organization/update-member-role',
      'organization/remove-member',
      'organization/leave',
      'organization/delete',
      'delete-user',
      'update-user',
      'sign-in/social',
      'sign-in/%65mail/../../sign-up/email',
    ]) {
      const answer = await fetch(at(path), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(person('intruder@example.com')),
      });
      expect([path, answer.status]).toEqual([path, 404]);
    }
  });
});
