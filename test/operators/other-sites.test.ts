import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSetupLink } from '../../src/tenancy/onboarding/create-setup-link.ts';
import { type Billgraph, createTenant, startBillgraph, testPublicUrl } from '../rig/billgraph.ts';
import { createOperator, pageHeaders, type TestOperator } from '../rig/operator.ts';

/** Pages of other sites at the routes where people sign in: nobody is signed in or out by them, and nobody is led to them. */

let billgraph: Billgraph;
let operator: TestOperator;
beforeAll(async () => {
  billgraph = await startBillgraph({ trustProxy: ['loopback'] });
  operator = await createOperator(billgraph, await createTenant(billgraph));
});
afterAll(() => billgraph.close());

let asked = 0;
const post = (path: string, body: string, headers: Record<string, string>) =>
  fetch(`${billgraph.url}/auth${path}`, {
    method: 'POST',
    // Each from an address of its own: the limit on attempts is not what is tested.
    headers: { 'content-type': 'application/json', 'x-forwarded-for': `203.0.113.${++asked}`, ...headers },
    body,
    redirect: 'manual',
  });
const evil = 'https://evil.example';

/** The secret of a link of each kind, and whom it lets in. */
async function newToken(path: string): Promise<[token: string, email: string]> {
  const email = `m${++asked}@example.com`;
  if (path === '/setup')
    return [(await createSetupLink({ em: billgraph.app.orm.em.fork() }, testPublicUrl)).slice(-32), email];
  const invite = `mutation ($email: String!) { inviteMember(input: { email: $email, role: MEMBER }) { url } }`;
  const { data } = await operator.ask(invite, { email });
  return [new URL(data.inviteMember.url).searchParams.get('token')!, email];
}

describe('refuses', () => {
  it.each(['/sign-out', '/revoke-sessions', '/revoke-other-sessions'])(
    '%s with a session, from another site',
    async (path) => {
      for (const headers of [{ origin: evil }, { origin: 'null' }, { referer: `${evil}/` }, {}] as Record<
        string,
        string
      >[])
        expect((await post(path, '{}', { cookie: operator.cookie, ...headers })).status).toBe(403);
      expect((await operator.ask('{ viewer { id } }')).data.viewer.id).toBe(operator.id);
    },
  );

  it('to sign a browser in by the form of another site', async () => {
    const body = new URLSearchParams({ email: operator.email, password: operator.password }).toString();
    const answer = await post('/sign-in/email', body, {
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'null',
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    });
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([403, []]);
  });

  it.each(['/setup', '/invitation'])('to let somebody in by a form of another site: %s', async (path) => {
    const [token, email] = await newToken(path);
    const form = new URLSearchParams({ token, name: 'Mallory', email, password: 'a long enough password' }).toString();
    const send = (site: Record<string, string>) =>
      post(path, form, { 'content-type': 'application/x-www-form-urlencoded', ...site });
    for (const site of [
      { origin: evil },
      { origin: 'null' },
      { origin: `${pageHeaders.origin}.evil.example`, 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ] as Record<string, string>[]) {
      const answer = await send(site);
      expect([site, answer.status, answer.headers.getSetCookie()]).toEqual([site, 403, []]);
    }
    // The link was not used up by it.
    expect((await send({ origin: pageHeaders.origin, 'sec-fetch-site': 'same-origin' })).status).toBe(303);
  });

  it.each([evil, '//evil.example', '/\\evil.example', 'javascript:alert(1)', 'http://billgraph.test.evil.example'])(
    'to lead to %s after signing in',
    async (callbackURL) => {
      const body = JSON.stringify({ email: operator.email, password: operator.password, callbackURL });
      const answer = await post('/sign-in/email', body, { origin: pageHeaders.origin });
      expect([answer.status, answer.headers.get('location'), answer.headers.getSetCookie()]).toEqual([403, null, []]);
    },
  );
});
