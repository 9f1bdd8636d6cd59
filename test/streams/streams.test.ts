import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import { ApiKey } from '../../src/identity/access/api-key.entity.ts';
import { streamBounds } from '../../src/streams/stream-bounds.ts';
import { type Billgraph, createTenant, startAnother, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask } from '../rig/graph.ts';
import { createOperator } from '../rig/operator.ts';
import { openStream, streamOf } from '../rig/stream.ts';

/** Streams as connections: how they begin, what bounds them, and what ends them. */

const encryptionKeys = [randomBytes(32)];
const soon = { timeout: 10_000 };
const bounds = { ofOne: { API_KEY: 3, CUSTOMER_TOKEN: 2, OPERATOR: 2 }, heartbeat: 50, patience: 200 };
const corsOrigins = ['https://app.example.com'];
let billgraph: Billgraph;
let tenant: TestTenant;
let customerId: string;
beforeAll(async () => {
  billgraph = await startBillgraph({ encryptionKeys, corsOrigins, streams: bounds });
  tenant = await createTenant(billgraph);
  const made = await ask(billgraph, tenant.apiKey, CreateCustomerDocument, { input: { email: 'ada@example.com' } });
  customerId = made.data.createCustomer.customer.id;
});
afterAll(() => billgraph.close());

const document = 'subscription ($customerId: ID!) { customerStateChanged(customerId: $customerId) { version } }';
const open = (credential: string | null, headers = {}, at: { url: string } = billgraph) =>
  openStream(at, credential, document, { customerId }, headers);
const streams = () => billgraph.app.streams.count();

async function mint(ttl = 3_600, key = tenant.apiKey): Promise<string> {
  const input = { customerId, scopes: ['entitlements:read'], ttl };
  const create = 'mutation ($input: CreateCustomerTokenInput!) { createCustomerToken(input: $input) { token } }';
  return (await ask(billgraph, key, create, { input })).data.createCustomerToken.token;
}

describe('a request for a stream', () => {
  const send = async (init: RequestInit, search = '') => {
    const headers = { authorization: `Bearer ${tenant.apiKey}`, ...(init.headers as Record<string, string>) };
    const response = await fetch(`${billgraph.url}/graphql/stream${search}`, { ...init, headers });
    const stream = await streamOf(response, new AbortController());
    return [response.status, stream.errors?.[0]?.extensions.code, stream.errors?.[0]?.extensions.field];
  };
  const json = { 'content-type': 'application/json' };
  const body = JSON.stringify({ query: document });

  it('is refused where it is none, or one that a page of another site can send unasked', async () => {
    const search = `?${new URLSearchParams({ query: document })}`;
    const bad = (field: string) => [400, 'BAD_USER_INPUT', field];
    expect(await send({ method: 'POST', headers: { 'content-type': 'text/plain' }, body })).toEqual(
      bad('Content-Type'),
    );
    expect(await send({ method: 'POST', headers: { ...json, accept: 'application/json' }, body })).toEqual(
      bad('Accept'),
    );
    expect(await send({ method: 'POST', headers: json, body: '{' })).toEqual(bad('body'));
    expect(await send({ method: 'POST', headers: json, body: '[]' })).toEqual(bad('body'));
    expect(await send({ method: 'POST', headers: json, body: '{}' })).toEqual(bad('query'));
    expect(await send({ method: 'POST', headers: json, body: '{"query":"x","variables":[]}' })).toEqual(
      bad('variables'),
    );
    expect(await send({ method: 'POST', headers: json, body: '{"query":"x","operationName":1}' })).toEqual(
      bad('operationName'),
    );
    expect(await send({ method: 'GET' }, search)).toEqual(bad('Apollo-Require-Preflight'));
    const preflighted = { 'apollo-require-preflight': 'true' };
    expect(await send({ method: 'GET', headers: preflighted }, `${search}&query=x`)).toEqual(bad('query'));
    expect(await send({ method: 'GET', headers: preflighted }, `${search}&variables={`)).toEqual(bad('variables'));
    expect(await send({ method: 'GET', headers: preflighted }, `${search}&token=x`)).toEqual([
      401,
      'UNAUTHENTICATED',
      undefined,
    ]);
    expect(streams()).toBe(0);
  });

  it('neither reserves a stream nor stops one of others: each is a request of its own', async () => {
    for (const method of ['PUT', 'DELETE']) {
      const response = await fetch(`${billgraph.url}/graphql/stream`, { method });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST']);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    }
    expect((await fetch(`${billgraph.url}/graphql/stream`, { method: 'HEAD' })).status).toBe(404);
  });

  it('is let through by a browser from an origin that may ask, and costs a point', async () => {
    const stream = await open(await mint(), { origin: corsOrigins[0]! });
    expect(stream.headers.get('access-control-allow-origin')).toBe(corsOrigins[0]);
    expect(stream.headers.get('x-accel-buffering')).toBe('no');
    expect(stream.headers.get('ratelimit-policy')).toContain('CUSTOMERS');
    expect(stream.headers.get('x-request-id')).toMatch(/^req_/);
    stream.close();
    await expect.poll(streams, soon).toBe(0);
    const { cookie } = await createOperator(billgraph, tenant);
    const foreign = await open(null, { cookie, origin: 'https://evil.example' });
    expect([foreign.status, foreign.errors![0]!.extensions.code]).toEqual([403, 'FORBIDDEN']);
  });
});

describe('bounds', () => {
  it('of one who asks, and of the process: a place is free again when its stream is over', async () => {
    const token = await mint();
    const held = [await open(token), await open(token)];
    const third = await open(token);
    expect(third.status).toBe(429);
    expect(third.headers.get('retry-after')).toBe('10');
    expect(third.errors![0]!.extensions).toMatchObject({ code: 'RATE_LIMITED', retryable: true, retryAfter: 10 });
    held[0]!.close();
    await expect.poll(streams, soon).toBe(1);
    const again = await open(token);
    expect(again.status).toBe(200);
    for (const stream of [...held, again]) stream.close();
    await expect.poll(streams, soon).toBe(0);
    const small = await startAnother(billgraph, { encryptionKeys, streams: { inProcess: 1 } });
    const only = await open(token, {}, small);
    const full = await open(tenant.apiKey, {}, small);
    expect([full.status, full.errors![0]!.extensions.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    await small.close();
    expect((await only.rest()).at(-1)).not.toBe('complete');
  });

  it('of what a client leaves unread: he is dropped, and nothing is kept for him', async () => {
    const metadata = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`key_${i}`, 'x'.repeat(500)]));
    const update = 'mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { id } } }';
    const change = async (n: number) => {
      const input = { customerId, metadata: { ...metadata, key_0: String(n) } };
      expect((await ask(billgraph, tenant.apiKey, update, { input })).errors).toBeUndefined();
    };
    await change(0);
    const { hostname, port } = new URL(billgraph.url);
    const socket = connect(Number(port), hostname).pause();
    const many = Array.from({ length: 400 }, (_, i) => `m${i}: metadata`).join(' ');
    const query = `subscription { customerStateChanged(customerId: "${customerId}") { customer { ${many} } } }`;
    const body = JSON.stringify({ query });
    socket.write(
      `POST /graphql/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${tenant.apiKey}\r\n` +
        `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    await expect
      .poll(() => billgraph.logged.some((line) => line.includes('does not read what its stream sends')), {
        timeout: 10_000,
      })
      .toBe(true);
    await expect.poll(streams, soon).toBe(0);
    socket.destroy();
  });
});

describe('a stream ends', () => {
  const refused = (last: string[]) => {
    expect(last.at(-1)).toBe('complete');
    expect(last.at(-2)).toContain('"code":"UNAUTHENTICATED"');
  };

  it('with its key, and with the key that minted its token', async () => {
    const key = await tenant.newApiKey({});
    const { id } = (await ask(billgraph, key, '{ viewer { id } }')).data.viewer;
    const ends = [await open(key), await open(await mint(3_600, key))];
    const stays = await open(tenant.apiKey);
    await stays.next();
    const owner = await createOperator(billgraph, tenant);
    const revoke = 'mutation ($id: ID!) { revokeApiKey(input: { apiKeyId: $id }) { apiKey { revokedAt } } }';
    expect((await owner.ask(revoke, { id })).errors).toBeUndefined();
    for (const stream of ends) refused(await stream.rest());
    const update = 'mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { id } } }';
    await ask(billgraph, tenant.apiKey, update, { input: { customerId, name: 'Still here' } });
    await stays.next();
    stays.close();
  });

  it('when its credential expires', async () => {
    const expiresAt = new Date(Date.now() + 2_000);
    const stream = await open(await tenant.newApiKey({ expiresAt }));
    refused(await stream.rest());
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt.getTime() - 10);
  });

  it('without a last word when its credential may do something else, so that it is opened again', async () => {
    const key = await tenant.newApiKey({});
    const stream = await open(key);
    await stream.next();
    const { id } = (await ask(billgraph, key, '{ viewer { id } }')).data.viewer;
    await billgraph.app.orm.em.fork().nativeUpdate(ApiKey, { id }, { scopes: ['customers:read'] });
    const owner = await createOperator(billgraph, tenant);
    const update = 'mutation ($id: ID!) { updateApiKey(input: { apiKeyId: $id, name: "Less" }) { apiKey { id } } }';
    expect((await owner.ask(update, { id })).errors).toBeUndefined();
    expect(await stream.rest()).toEqual([]);
  });

  it('when its session does', async () => {
    const { cookie } = await createOperator(billgraph, tenant);
    const stream = await open(null, { cookie, origin: 'http://billgraph.test', 'apollo-require-preflight': 'true' });
    await stream.next();
    const headers = { cookie, origin: 'http://billgraph.test', 'content-type': 'application/json' };
    const out = await fetch(`${billgraph.url}/auth/sign-out`, { method: 'POST', headers, body: '{}' });
    expect(out.status).toBe(200);
    refused(await stream.rest());
  });

  it('at its age and with its server, without a last word; a server that stops waits for none', async () => {
    const young = await startAnother(billgraph, { encryptionKeys, streams: { longest: 300 } });
    expect((await (await open(tenant.apiKey, {}, young)).rest()).filter((text) => text === 'complete')).toEqual([]);
    await young.close();
    const stopping = await startAnother(billgraph, { encryptionKeys });
    const stream = await open(tenant.apiKey, {}, stopping);
    await stream.next();
    await stopping.close();
    expect(await stream.rest()).toEqual([]);
    expect(streamBounds.longest).toBe(3_600_000);
  });
});
