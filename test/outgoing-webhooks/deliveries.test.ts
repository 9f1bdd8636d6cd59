import net from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { ask } from '../rig/graph.ts';
import {
  createEndpoint,
  deliveriesOf,
  passTime,
  type Receiver,
  sendTest,
  startReceiver,
  type TestEndpoint,
  triedDelivery,
} from './receiver.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let receiver: Receiver;
let endpoint: TestEndpoint;
beforeAll(async () => {
  billgraph = await startBillgraph({ allowPrivateAddresses: true, deliveryPatience: 2_000 });
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());
beforeEach(async () => {
  receiver = await startReceiver();
  // Of what it is tried with alone: nothing else comes in between.
  endpoint = await createEndpoint(billgraph, tenant, { url: receiver.url, eventTypes: ['usage.*'] });
});
afterEach(async () => {
  await remove(endpoint.id);
  await receiver.close();
});

const remove = (endpointId: string) =>
  ask(
    billgraph,
    tenant.apiKey,
    `mutation { deleteOutgoingEndpoint(input: { endpointId: "${endpointId}" }) { endpointId } }`,
  );

const look = async () => {
  const { data } = await ask(
    billgraph,
    tenant.apiKey,
    '{ outgoingEndpoints { nodes { id enabled disabledReason disabledAt failingSince } } }',
  );
  return data.outgoingEndpoints.nodes.find(({ id }: { id: string }) => id === endpoint.id);
};
const sent = async (attempts = 1) =>
  triedDelivery(billgraph, tenant, await sendTest(billgraph, tenant, endpoint), attempts);
const minutesOf = ({ nextAttemptAt, lastAttemptAt }: Record<string, string>) =>
  (Date.parse(nextAttemptAt!) - Date.parse(lastAttemptAt!)) / 60_000;

describe('signs as Standard Webhooks has it', () => {
  it('so that its package verifies, and takes nothing that was tampered with', async () => {
    const delivery = await sent();
    const [{ headers, body, json, id }] = receiver.received as [any];
    expect(json).toEqual({
      type: 'endpoint.test',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      data: { endpointId: endpoint.id },
    });
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'Billgraph' });
    expect(id).toBe(delivery.messageId);
    const webhook = new Webhook(endpoint.secret);
    expect(webhook.verify(body, headers)).toEqual(json);
    expect(() => webhook.verify(body.replace('endpoint.test', 'endpoint.tost'), headers)).toThrow();
    expect(() => webhook.verify(body, { ...headers, 'webhook-id': 'msg_other' })).toThrow();
    expect(() => new Webhook(`whsec_${Buffer.alloc(32).toString('base64')}`).verify(body, headers)).toThrow();
  });

  it('by both secrets while one is replaced, and by the new one alone afterwards', async () => {
    const rotate = async (overlapHours: number) => {
      const input = { endpointId: endpoint.id, overlapHours };
      const document =
        'mutation ($input: RotateOutgoingEndpointSecretInput!) { rotateOutgoingEndpointSecret(input: $input) { secret endpoint { previousSecretEndsAt } } }';
      return (await ask(billgraph, tenant.apiKey, document, { input })).data.rotateOutgoingEndpointSecret;
    };
    const { secret, endpoint: rotated } = await rotate(2);
    expect(Date.parse(rotated.previousSecretEndsAt)).toBeGreaterThan(Date.now());
    await sent();
    const [{ headers, body, json }] = receiver.received as [any];
    expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
    for (const one of [endpoint.secret, secret]) expect(new Webhook(one).verify(body, headers)).toEqual(json);

    await asOwner(billgraph.databaseUrl, 'update outgoing_endpoint set previous_secret_ends_at = now()');
    await sent();
    const later = receiver.received[1]!;
    expect(new Webhook(secret).verify(later.body, later.headers)).toEqual(later.json);
    expect(() => new Webhook(endpoint.secret).verify(later.body, later.headers)).toThrow();

    const atOnce = await rotate(0);
    await sent();
    const last = receiver.received[2]!;
    expect(last.headers['webhook-signature']!.split(' ')).toHaveLength(1);
    expect(new Webhook(atOnce.secret).verify(last.body, last.headers)).toEqual(last.json);
  });
});

describe('an answer', () => {
  it.each([200, 201, 204, 299])('of %i delivers', async (status) => {
    receiver.answer((response) => response.writeHead(status).end(status === 204 ? undefined : 'thanks'));
    expect(await sent()).toMatchObject({
      status: 'DELIVERED',
      attempts: 1,
      nextAttemptAt: null,
      lastStatus: status,
      lastBody: status === 204 ? '' : 'thanks',
      lastError: null,
      deliveredAt: expect.any(String),
    });
    expect(await look()).toMatchObject({ enabled: true, failingSince: null });
  });

  it.each([
    [301, /Redirects are not followed/],
    [307, /Redirects are not followed/],
    [400, /answered 400/],
    [404, /answered 404/],
    [500, /answered 500/],
  ])('of %i is tried again', async (status, error) => {
    receiver.answer((response) =>
      response.writeHead(status, { location: `${receiver.url}/elsewhere` }).end('\0no: \ud800'),
    );
    const delivery = await sent();
    expect(delivery).toMatchObject({ status: 'PENDING', attempts: 1, lastStatus: status, deliveredAt: null });
    expect(delivery.lastError).toMatch(error);
    expect(delivery.lastBody).toMatch(/^no: /);
    expect(await look()).toMatchObject({ enabled: true, failingSince: expect.any(String) });
    expect(receiver.received).toHaveLength(1);
  });

  it('of 410 disables the endpoint, and what else was on its way fails', async () => {
    receiver.answer((response) => response.writeHead(500).end());
    const waiting = await sent();
    receiver.answer((response) => response.writeHead(410).end());
    const delivery = await sent();
    expect(delivery).toMatchObject({ status: 'FAILED', attempts: 1, lastStatus: 410, nextAttemptAt: null });
    expect(await look()).toMatchObject({ enabled: false, disabledReason: 'GONE', disabledAt: expect.any(String) });
    await passTime(billgraph);
    await expect
      .poll(() => deliveriesOf(billgraph, tenant, { messageId: waiting.messageId }), { timeout: 10_000 })
      .toMatchObject([{ status: 'FAILED', lastStatus: 500, lastError: expect.stringMatching(/disabled/) }]);
    expect(receiver.received).toHaveLength(2);
  });

  it.each([
    [429, '7200', 120],
    [503, new Date(Date.now() + 10 * 3_600_000).toUTCString(), 600],
    [429, '999999999', 1_440],
    [429, '9'.repeat(30), 1_440],
    [429, '-7200', 5 / 60],
    [429, '7200.5', 5 / 60],
    [503, new Date(Date.now() - 3_600_000).toUTCString(), 5 / 60],
    [429, '1', 5 / 60],
    [429, 'whenever', 5 / 60],
    [500, '7200', 5 / 60],
  ])('of %i with Retry-After: %s waits for %f minutes', async (status, after, minutes) => {
    receiver.answer((response) => response.writeHead(status, { 'retry-after': after }).end());
    const delivery = await sent();
    expect(delivery).toMatchObject({ status: 'PENDING', lastStatus: status });
    expect(minutesOf(delivery)).toBeGreaterThanOrEqual(Math.floor(minutes * 0.9));
    expect(minutesOf(delivery)).toBeLessThan(minutes * 1.1 + 2);
  });

  it('with Retry-After keeps the others waiting, too, without counting a try', async () => {
    receiver.answer((response) => response.writeHead(429, { 'retry-after': '3600' }).end());
    await sent();
    receiver.answer((response) => response.end());
    const messageId = await sendTest(billgraph, tenant, endpoint);
    const [{ id }] = await deliveriesOf(billgraph, tenant, { messageId });
    const lane = () =>
      asOwner(
        billgraph.databaseUrl,
        `select run_at > now() + interval '50 minutes' as rests from lane where key like '%/${id}'`,
      );
    await expect.poll(lane, { timeout: 10_000 }).toEqual([{ rests: true }]);
    expect(await deliveriesOf(billgraph, tenant, { messageId })).toMatchObject([{ status: 'PENDING', attempts: 0 }]);
    await passTime(billgraph);
    expect(await triedDelivery(billgraph, tenant, messageId)).toMatchObject({ status: 'DELIVERED' });
  });

  it('that does not come is not waited for', async () => {
    receiver.answer(() => {});
    expect(await sent()).toMatchObject({
      status: 'PENDING',
      lastStatus: null,
      lastBody: null,
      lastError: 'It did not answer within 2 seconds.',
    });
  });

  it('that never ends is read as far as it is kept: the status counts', async () => {
    receiver.answer((response) => {
      const more = () => response.write('x'.repeat(65_536), () => response.writable && more());
      more();
    });
    expect(await sent()).toMatchObject({ status: 'DELIVERED', lastStatus: 200, lastBody: 'x'.repeat(1_024) });
    receiver.answer((response) => response.writeHead(500).write('so far'));
    expect(await sent()).toMatchObject({ status: 'PENDING', lastStatus: 500, lastBody: 'so far' });
  });

  it('that nobody gives is a failure with its reason', async () => {
    await receiver.close();
    const delivery = await sent();
    expect(delivery).toMatchObject({ status: 'PENDING', lastStatus: null });
    expect(delivery.lastError).toMatch(/ECONNREFUSED/);
    receiver = await startReceiver();
  });

  it.each([
    ['hello\r\n\r\n', /gave no answer/],
    ['HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n', /answered 999, which is no status/],
    ['HTTP/1.1 101 Other\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n', /another protocol/],
  ])('that is no HTTP is a failure with its reason: %j', async (answer, reason) => {
    const server = net.createServer((socket) => socket.end(answer));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}/`;
    const odd = await createEndpoint(billgraph, tenant, { url, eventTypes: ['usage.*'] });
    const delivery = await triedDelivery(billgraph, tenant, await sendTest(billgraph, tenant, odd));
    expect(delivery).toMatchObject({ status: 'PENDING', lastStatus: null });
    expect(delivery.lastError).toMatch(reason);
    await remove(odd.id);
    server.close();
  });
});

describe('a message that fails', () => {
  it('is tried eight times, by the documented schedule, under the same id', async () => {
    receiver.answer((response) => response.writeHead(500).end());
    const messageId = await sendTest(billgraph, tenant, endpoint);
    for (const [n, minutes] of [5 / 60, 5, 30, 120, 300, 600, 600].entries()) {
      const delivery = await triedDelivery(billgraph, tenant, messageId, n + 1);
      expect(delivery).toMatchObject({ status: 'PENDING', attempts: n + 1 });
      expect(minutesOf(delivery)).toBeGreaterThanOrEqual(minutes * 0.9);
      expect(minutesOf(delivery)).toBeLessThan(minutes * 1.1 + 1);
      await passTime(billgraph);
    }
    const delivery = await triedDelivery(billgraph, tenant, messageId, 8);
    expect(delivery).toMatchObject({ status: 'FAILED', attempts: 8, nextAttemptAt: null, lastStatus: 500 });
    expect(receiver.received.map(({ id }) => id)).toEqual(Array(8).fill(messageId));
    // Each try has a time and a signature of its own, and the same body.
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(await look()).toMatchObject({ enabled: true });
    await passTime(billgraph);
    await billgraph.app.worker!.idle();
    expect(receiver.received).toHaveLength(8);
  });

  it('ends the endpoint, where nothing has arrived there for five days', async () => {
    receiver.answer((response) => response.writeHead(500).end());
    const messageId = await sendTest(billgraph, tenant, endpoint);
    await triedDelivery(billgraph, tenant, messageId);
    const lastTry = `update outgoing_delivery set attempts = 7 where message_id = '${messageId}'`;
    const failing = (days: number) =>
      `update outgoing_endpoint set failing_since = now() - interval '${days} days' where id = '${endpoint.id}'`;
    await asOwner(billgraph.databaseUrl, `${lastTry}; ${failing(6)}`);
    await passTime(billgraph);
    expect(await triedDelivery(billgraph, tenant, messageId, 8)).toMatchObject({ status: 'FAILED' });
    expect(await look()).toMatchObject({ enabled: false, disabledReason: 'FAILING' });
    expect(billgraph.logged.join()).toContain('An endpoint of outgoing webhooks was disabled');

    const enable = `mutation { updateOutgoingEndpoint(input: { endpointId: "${endpoint.id}", enabled: true }) { endpoint { enabled failingSince } } }`;
    const { data } = await ask(billgraph, tenant.apiKey, enable);
    expect(data.updateOutgoingEndpoint.endpoint).toEqual({ enabled: true, failingSince: null });
  });

  it('does not hold up what comes after it, nor other endpoints', async () => {
    const hanging: string[] = [];
    const other = await startReceiver();
    const second = await createEndpoint(billgraph, tenant, { url: other.url, eventTypes: ['usage.*'] });
    receiver.answer((response, { id }) => (hanging.includes(id) ? undefined : response.end()));
    hanging.push(await sendTest(billgraph, tenant, endpoint));
    const [newer, elsewhere] = [await sendTest(billgraph, tenant, endpoint), await sendTest(billgraph, tenant, second)];
    for (const id of [newer, elsewhere])
      expect(await triedDelivery(billgraph, tenant, id)).toMatchObject({ status: 'DELIVERED' });
    const [held] = await deliveriesOf(billgraph, tenant, { messageId: hanging[0] });
    expect(held).toMatchObject({ attempts: 1, deliveredAt: null });
    await remove(second.id);
    await other.close();
  });

  it('of a server that fell in the last try is given up', async () => {
    receiver.answer((response) => response.writeHead(500).end());
    const messageId = await sendTest(billgraph, tenant, endpoint);
    await triedDelivery(billgraph, tenant, messageId);
    await asOwner(billgraph.databaseUrl, `update outgoing_delivery set attempts = 8 where message_id = '${messageId}'`);
    await passTime(billgraph);
    const given = () => deliveriesOf(billgraph, tenant, { messageId });
    await expect
      .poll(given, { timeout: 10_000 })
      .toMatchObject([{ status: 'FAILED', attempts: 8, lastError: 'The server stopped during the last try.' }]);
    expect(receiver.received).toHaveLength(1);
  });
});
