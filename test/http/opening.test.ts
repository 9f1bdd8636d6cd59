import { randomBytes } from 'node:crypto';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenedApp, openApp } from '../../src/app.ts';
import { createLog } from '../../src/log.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant, testPublicUrl } from '../rig/billgraph.ts';
import { type Answer, ask } from '../rig/graph.ts';

/** A server that has just begun to listen, beside another one on the same database. */

const encryptionKeys = [randomBytes(32)];
let billgraph: Billgraph;
let tenant: TestTenant;
let opened: OpenedApp;
let url: string;
beforeAll(async () => {
  billgraph = await startBillgraph({ encryptionKeys });
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

async function open(options: { completionPatience?: number } = {}) {
  opened = await openApp({
    databaseUrl: billgraph.databaseUrl,
    databasePoolSize: 5,
    encryptionKeys,
    stripeApiUrl: billgraph.sandbox.url,
    stripeReadsPerSecond: { TEST: 10_000, LIVE: 10_000 },
    corsOrigins: [],
    publicUrl: testPublicUrl,
    trustedOrigins: [],
    openIntrospection: false,
    allowPrivateAddresses: false,
    worker: true,
    schedules: false,
    log: createLog('silent'),
    ...options,
  });
  url = await opened.listen({ host: '127.0.0.1', port: 0 });
}

async function deliver(id: string) {
  const { webhookSecrets } = (await billgraph.app.connections.byId(tenant.connectionId))!;
  const payload = JSON.stringify({
    id,
    object: 'event',
    api_version: Stripe.API_VERSION,
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    type: 'tax_rate.created',
    data: { object: { id: 'txr_1', object: 'tax_rate' } },
  });
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: webhookSecrets[0]! });
  return fetch(`${url}/webhooks/stripe/${tenant.connectionId}`, {
    method: 'POST',
    headers: { 'stripe-signature': signature },
    body: payload,
  });
}

const askViewer = (): Promise<Answer> => ask({ url }, tenant.apiKey, '{ viewer { role project { id } } }');

describe('a server that listens, and is not complete', () => {
  it('takes webhooks, is not ready, and lets everybody else wait', async () => {
    await open();
    const [viewer, keys, page] = [askViewer(), fetch(`${url}/.well-known/jwks.json`), fetch(`${url}/auth/get-session`)];
    expect((await deliver('evt_test_early')).status).toBe(200);
    await opened.answerWaiting();
    const before = await fetch(`${url}/ready`);
    expect([before.status, await before.json()]).toEqual([
      503,
      {
        status: 'not ready',
        checks: { database: true, migrations: true, graph: false, lanes: false, webhooks: true },
      },
    ]);
    expect((await fetch(`${url}/health`)).status).toBe(200);

    await opened.complete();
    expect((await viewer).data).toEqual({ viewer: { role: null, project: { id: tenant.projectId } } });
    expect([(await keys).status, (await page).status]).toEqual([200, 200]);
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    await opened.close();
  });

  it('sends away who has waited for too long, and serves who comes later', async () => {
    await open({ completionPatience: 20 });
    const unavailable = [{ extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true, retryAfter: 5 } }];
    expect(await askViewer()).toMatchObject({ status: 503, errors: unavailable });
    for (const path of ['/graphql', '/auth/get-session', '/portal/x', '/.well-known/jwks.json']) {
      const answer = await fetch(url + path);
      expect([path, answer.status, answer.headers.get('retry-after')]).toEqual([path, 503, '5']);
      expect(await answer.json()).toMatchObject({ errors: unavailable });
    }
    expect((await deliver('evt_test_while_others_wait')).status).toBe(200);
    await opened.complete();
    expect((await askViewer()).data).toMatchObject({ viewer: { project: { id: tenant.projectId } } });
    await opened.close();
  });

  it('sends away who waits where it is stopped before', async () => {
    await open();
    const viewer = askViewer();
    await fetch(`${url}/health`);
    await opened.close();
    expect((await viewer).errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true } }]);
  });
});
