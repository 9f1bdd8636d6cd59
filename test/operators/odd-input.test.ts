import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph } from '../rig/billgraph.ts';
import { createOperator, pageHeaders, type TestOperator } from '../rig/operator.ts';

/** What anybody may send to where people sign in. Nothing of it is a fault of the server's. */

let billgraph: Billgraph;
let owner: TestOperator;
beforeAll(async () => {
  billgraph = await startBillgraph({ trustProxy: ['loopback'] });
  owner = await createOperator(billgraph, await createTenant(billgraph));
});
afterAll(() => billgraph.close());

describe('under /auth', () => {
  let asked = 0;
  const post = (path: string, body: unknown, headers = {}) =>
    fetch(`${billgraph.url}/auth${path}`, {
      method: 'POST',
      // Each from an address of its own: the limit on attempts is not what is tested.
      headers: {
        'content-type': 'application/json',
        'x-forwarded-for': `203.0.113.${++asked}`,
        cookie: owner.cookie,
        origin: pageHeaders.origin,
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  it.each(
    [
      '/sign-in/email',
      '/sign-out',
      '/revoke-session',
      '/change-password',
      '/organization/set-active',
      '/setup',
      '/invitation',
    ].flatMap((path) =>
      [
        {
          email: '\0@example.com',
          password: '\0',
          token: '\0',
          organizationId: '\0',
          organizationSlug: '\0',
          currentPassword: '\0',
          newPassword: `${'x'.repeat(13)}\0`,
        },
        {
          email: 'a@example.com',
          password: '\ud800',
          token: '\ud800',
          organizationId: '\ud800',
          currentPassword: '\ud800',
          newPassword: `${'x'.repeat(13)}\ud800`,
          name: '\ud800',
        },
        {
          organizationSlug: '\0',
          token: ['x'],
          email: { $ne: null },
          password: 5,
          currentPassword: {},
          newPassword: [],
        },
        { organizationId: null, token: null, email: null },
        '',
        '[]',
        'null',
        '{',
        '"x"',
      ].map((body) => [path, body] as const),
    ),
  )('%s takes %j', async (path, body) => {
    const answer = await post(path, body);
    expect([path, answer.status, await answer.text()]).toEqual([
      path,
      expect.toSatisfy((code: number) => code < 500),
      expect.anything(),
    ]);
  });

  it.each(['%', '%00', '%E0%A4%A', 'x'])('get-session takes the cookie %j', async (value) => {
    for (const name of ['session_token', 'session_data', 'dont_remember']) {
      const answer = await fetch(`${billgraph.url}/auth/get-session`, {
        headers: { cookie: `billgraph.${name}=${value}` },
      });
      expect([answer.status, await answer.text()]).toEqual([200, 'null']);
    }
  });

  it.each(['?disableCookieCache=x', '?disableRefresh=[]', '?a=%00&a[]=b', '?__proto__=x'])(
    'get-session takes %s',
    async (query) => {
      const answer = await fetch(`${billgraph.url}/auth/get-session${query}`, { headers: { cookie: owner.cookie } });
      expect(answer.status).toBeLessThan(500);
    },
  );

  it.each([
    ['GET', 'http://[x/auth/get-session'],
    ['GET', 'http://a:b:c/graphql?query=%7B__typename%7D'],
    ['GET', '//[x/auth/get-session'],
    ['GET', '/auth/get-session/../../graphql'],
    ['GET', '/auth/%'],
    ['GET', '/auth/\\\\[x'],
    ['GET', '/graphql?query=%'],
    ['POST', '/webhooks/stripe/%00'],
    ['POST', '/webhooks/stripe/conn_%ED%A0%80'],
    ['GET', '/auth/setup?token=%00'],
    ['GET', '/auth/invitation?token=%ED%A0%80&token=x'],
  ])('%s %s is answered', async (method, target) => {
    const { port } = new URL(billgraph.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `${method} ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}`,
    );
    let text = '';
    for await (const part of socket) text += part;
    expect(text).toMatch(/^HTTP\/1.1 [234]/);
  });
});
