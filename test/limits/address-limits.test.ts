import { afterEach, describe, expect, it } from 'vitest';
import type { AppOptions } from '../../src/app-options.ts';
import { newApiKey } from '../../src/identity/access/api-key-format.ts';
import { limitsWith } from '../../src/limits/limit-classes.ts';
import { type Billgraph, createTenant, startBillgraph } from '../rig/billgraph.ts';
import { slowCounter } from '../rig/counters.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
afterEach(() => billgraph.close());
const start = async (options: Partial<AppOptions>) => {
  billgraph = await startBillgraph({ counter: slowCounter(), ...options });
};

const query = '{ products { totalCount } }';
const from = (address: string) => ({ 'x-forwarded-for': address });

describe('the requests of an IP address', () => {
  it('are limited before anybody asks who they are of, on the graph and where people sign in', async () => {
    await start({ rateLimits: limitsWith({ ADDRESSES: 3 }) });
    const tenant = await createTenant(billgraph);
    for (const credential of [tenant.apiKey, null, newApiKey('TEST')])
      expect((await ask(billgraph, credential, query)).status).not.toBe(429);
    const refused = await ask(billgraph, tenant.apiKey, query);
    expect(refused.status).toBe(429);
    expect(refusalsOf(refused)).toEqual([{ code: 'RATE_LIMITED' }]);
    expect(refused.headers.get('retry-after')).toBe(String(refused.errors![0]!.extensions.retryAfter));
    for (const path of ['get-session', 'setup?token=x', 'invitation?token=x', 'welcome', 'nothing']) {
      const answer = await fetch(`${billgraph.url}/auth/${path}`);
      expect([answer.status, Number(answer.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
    }
    for (const path of ['sign-in/email', 'setup', 'invitation'])
      expect((await fetch(`${billgraph.url}/auth/${path}`, { method: 'POST', body: '{}' })).status).toBe(429);
    expect((await fetch(`${billgraph.url}/health`)).status).toBe(200);
    expect((await fetch(`${billgraph.url}/.well-known/jwks.json`)).status).toBe(200);
    const webhook = await fetch(`${billgraph.url}/webhooks/stripe/${tenant.connectionId}`, { method: 'POST' });
    expect(webhook.status).toBe(400);
  });

  it('are not told apart by what the client says of itself', async () => {
    await start({ rateLimits: limitsWith({ ADDRESSES: 2 }) });
    const statuses = ['198.51.100.1', '198.51.100.2', '198.51.100.3'].map(
      async (address) => (await ask(billgraph, null, '{ __typename }', {}, from(address))).status,
    );
    expect((await Promise.all(statuses)).toSorted()).toEqual([200, 200, 429]);
  });

  it('are told apart by what a proxy says that is trusted', async () => {
    await start({ rateLimits: limitsWith({ ADDRESSES: 2 }), trustProxy: ['127.0.0.0/8'] });
    const statusOf = async (address: string) =>
      (await ask(billgraph, null, '{ __typename }', {}, from(address))).status;
    expect(await statusOf('198.51.100.1')).toBe(200);
    expect(await statusOf('198.51.100.1')).toBe(200);
    expect(await statusOf('198.51.100.1')).toBe(429);
    expect(await statusOf('198.51.100.2')).toBe(200);
    // What stands before the proxy's own word is the client's.
    expect(await statusOf('198.51.100.3, 198.51.100.1')).toBe(429);
  });
});

describe('credentials that do not hold', () => {
  it('are limited for each IP address; one that held lately goes on', async () => {
    await start({ rateLimits: limitsWith({ FAILURES: 3 }) });
    const tenant = await createTenant(billgraph);
    const [known, unseen] = [await tenant.newApiKey({}), await tenant.newApiKey({})];
    expect((await ask(billgraph, known, query)).status).toBe(200);
    for (const wrong of [newApiKey('TEST'), 'bs_test_mistyped', 'no.jwt.atall'])
      expect((await ask(billgraph, wrong, query)).status).toBe(401);
    for (const credential of [newApiKey('TEST'), unseen]) {
      const refused = await ask(billgraph, credential, query);
      expect(refused.status).toBe(429);
      expect(refusalsOf(refused)).toEqual([{ code: 'RATE_LIMITED' }]);
      expect(refused.headers.get('retry-after')).not.toBeNull();
    }
    expect((await ask(billgraph, known, query)).status).toBe(200);
    expect((await ask(billgraph, null, '{ __typename }')).status).toBe(200);
  });

  it('of one IP address are not held against another', async () => {
    await start({ rateLimits: limitsWith({ FAILURES: 1 }), trustProxy: ['loopback'] });
    const { apiKey } = await createTenant(billgraph);
    const statusOf = async (credential: string, address: string) =>
      (await ask(billgraph, credential, query, {}, from(address))).status;
    expect(await statusOf(newApiKey('TEST'), '198.51.100.1')).toBe(401);
    expect(await statusOf(apiKey, '198.51.100.1')).toBe(429);
    expect(await statusOf(apiKey, '198.51.100.2')).toBe(200);
  });
});
