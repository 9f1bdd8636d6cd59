import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/errors.ts';
import { createWebhookReceiver } from '../../src/ingestion/webhooks/receive-webhook.ts';
import { createLog } from '../../src/log.ts';
import type { StripeConnections } from '../../src/stripe/stripe-connections.ts';
import { anEvent, deliver, type Ingestion, signatureOf, startIngestion, type TestConnection } from './ingestion.rig.ts';
import { aCustomer } from './stripe-objects.ts';

let ingestion: Ingestion;
let connection: TestConnection;
beforeAll(async () => {
  ingestion = await startIngestion();
  connection = await ingestion.newConnection();
});
afterAll(() => ingestion.close());

const inbox = () => ingestion.rows('select * from inbound_event order by seq');

const receive = (body: string | Buffer, signature: string | undefined, connectionId = connection.id) =>
  ingestion.receiver.receive({ connectionId, rawBody: Buffer.from(body as string), signature });

const signed = (body: string, options: { secret?: string; timestamp?: number } = {}) =>
  receive(body, signatureOf(body, options.secret ?? connection.secret, options.timestamp));

const newReceiver = (connections: Pick<StripeConnections, 'byId'>) =>
  createWebhookReceiver({ orm: ingestion.orm, connections, log: createLog('silent') });

const refusalsLogged = () => ingestion.logged.filter((line) => line.includes('A webhook was refused')).length;

/** Refused with this code; no row, one line in the log. */
async function refuses(request: () => Promise<unknown>, code: string, saying: RegExp) {
  const rows = (await inbox()).length;
  const lines = refusalsLogged();
  const refusal = await request().then(
    () => null,
    (failure) => failure,
  );
  expect(refusal).toBeInstanceOf(Refusal);
  expect(refusal).toMatchObject({ code, message: expect.stringMatching(saying) });
  expect(await inbox()).toHaveLength(rows);
  expect(refusalsLogged()).toBe(lines + 1);
}

describe('takes', () => {
  it('an event, exactly as it was sent, and answers after it is stored', async () => {
    const event = anEvent('customer.created', aCustomer('cus_taken', { name: 'Zoë \u{1F600}' }));
    const body = JSON.stringify(event, null, 3);
    expect(await signed(body)).toEqual({ eventId: event.id, duplicate: false });
    const [row] = await ingestion.rows<{ payload: string; lane_key: string; connection_id: string }>(
      'select payload::text as payload, lane_key, connection_id from inbound_event where event_id = $1',
      [event.id],
    );
    expect(row).toEqual({
      payload: body,
      lane_key: `stripe/${connection.id}/customer/cus_taken`,
      connection_id: connection.id,
    });
  });

  it('the same event again without another row, also at the same moment', async () => {
    const event = anEvent('customer.updated', aCustomer('cus_again'));
    const answers = await Promise.all(Array.from({ length: 8 }, () => deliver(ingestion, connection, event)));
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(await deliver(ingestion, connection, event)).toEqual({ eventId: event.id, duplicate: true });
    expect((await inbox()).filter((row) => row.event_id === event.id)).toHaveLength(1);
  });

  it('one event id in two connections', async () => {
    const other = await ingestion.newConnection();
    const event = anEvent('customer.updated', aCustomer('cus_both'));
    expect((await deliver(ingestion, connection, event)).duplicate).toBe(false);
    expect((await deliver(ingestion, other, event)).duplicate).toBe(false);
  });

  it.each([
    ['a type that nobody knows', anEvent('moon.landed', { object: 'moon', id: 'moon_1' })],
    ['an object without an id', anEvent('balance.available', { object: 'balance' })],
    ['an object that has the name of a property of every object', anEvent('x', { object: 'constructor', id: 'c_1' })],
  ])('%s: stored and ignored', async (_, event) => {
    await deliver(ingestion, connection, event);
    const row = (await inbox()).find(({ event_id }) => event_id === event.id);
    expect(row).toMatchObject({ outcome: 'ignored', done_at: expect.anything() });
  });

  it('a thin event of a type that nobody reads: stored and ignored', async () => {
    const event = {
      id: 'evt_test_65thin',
      object: 'v2.core.event',
      type: 'v1.billing.meter.no_meter_found',
      created: '2026-11-21T10:00:00.123Z',
      livemode: false,
      related_object: { id: 'mtr_1', type: 'billing.meter', url: '/v1/billing/meters/mtr_1' },
    };
    await deliver(ingestion, connection, event);
    const row = (await inbox()).find(({ event_id }) => event_id === event.id);
    expect(row).toMatchObject({ outcome: 'ignored', stripe_created: '1795255200', api_version: null });
  });

  it('what the old secret signed while a new one is rolled in', async () => {
    const open = await ingestion.connections.byId(connection.id);
    const rolling = { ...open!, webhookSecrets: ['whsec_new', connection.secret] };
    const receiver = newReceiver({ byId: async () => rolling });
    const event = anEvent('customer.updated', aCustomer('cus_rolled'));
    expect((await deliver({ receiver }, connection, event)).duplicate).toBe(false);
    const other = anEvent('customer.updated', aCustomer('cus_rolled'));
    expect((await deliver({ receiver }, { ...connection, secret: 'whsec_new' }, other)).duplicate).toBe(false);
    await receiver.close();
  });
});

describe('refuses', () => {
  const body = () => JSON.stringify(anEvent('customer.created', aCustomer('cus_refused')));
  const now = () => Math.floor(Date.now() / 1000);

  it('a request without a signature', () => refuses(() => receive(body(), undefined), 'BAD_USER_INPUT', /missing/));

  it.each(['', 'nonsense', 't=,v1=', 't=abc,v1=def', `t=1,v0=${'a'.repeat(64)}`, ',,,=,=', 'v1='.repeat(1000)])(
    'the signature %j',
    (signature) => refuses(() => receive(body(), signature), 'BAD_USER_INPUT', /signature|Stripe-Signature/),
  );

  it("another connection's secret", async () => {
    const other = await ingestion.newConnection();
    await refuses(() => signed(body(), { secret: other.secret }), 'BAD_USER_INPUT', /fits no signing secret/);
  });

  it('a body that was changed after it was signed', () => {
    const text = body();
    const changed = text.replace('cus_refused', 'cus_forged');
    return refuses(
      () => receive(changed, signatureOf(text, connection.secret)),
      'BAD_USER_INPUT',
      /fits no signing secret/,
    );
  });

  it('a signature of more than five minutes ago', () =>
    refuses(() => signed(body(), { timestamp: now() - 310 }), 'BAD_USER_INPUT', /older than 300 seconds/));

  it.each([
    ['an empty body', ''],
    ['no JSON', '{"id":'],
    ['JSON that is no object', '17'],
    ['null', 'null'],
    ['an array', '[]'],
    ['an object that is no event', '{"id":"cus_1","object":"customer","type":"x","livemode":false}'],
    ['an event without an id', JSON.stringify({ ...anEvent('x', aCustomer('c')), id: undefined })],
    ['an event without a type', JSON.stringify({ ...anEvent('x', aCustomer('c')), type: 5 })],
    ['an event without a time', JSON.stringify({ ...anEvent('x', aCustomer('c')), created: 'today' })],
    ['an event without an object', JSON.stringify({ ...anEvent('x', aCustomer('c')), data: null })],
    ['an id with U+0000', JSON.stringify({ ...anEvent('x', aCustomer('c')), id: 'evt_\0' })],
    ['an id that never ends', JSON.stringify({ ...anEvent('x', aCustomer('c')), id: 'e'.repeat(256) })],
    ['a thin event without a time', '{"id":"evt_1","object":"v2.core.event","type":"x","livemode":false}'],
  ])('%s', (_, text) => refuses(() => signed(text), 'BAD_USER_INPUT', /./));

  it('a body that is not UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    return refuses(() => receive(bytes, signatureOf(bytes.toString(), connection.secret)), 'BAD_USER_INPUT', /UTF-8/);
  });

  it('an event of the other mode', () =>
    refuses(
      () => signed(JSON.stringify(anEvent('customer.created', aCustomer('c'), { livemode: true }))),
      'BAD_USER_INPUT',
      /other mode/,
    ));

  it('an event of another account', () =>
    refuses(
      () => signed(JSON.stringify(anEvent('customer.created', aCustomer('c'), { account: 'acct_other' }))),
      'BAD_USER_INPUT',
      /another account/,
    ));

  it.each(['conn_nobody', '', "'; drop table lane", '\0'])('the unknown connection %j', (id) =>
    refuses(() => receive(body(), 't=1,v1=1', id), 'NOT_FOUND', /no such Stripe connection/),
  );

  it('a body nested too deeply for the database, without harm to those that arrive with it', async () => {
    const deep = JSON.stringify(anEvent('customer.created', { object: 'customer', id: 'cus_deep' })).replace(
      '"cus_deep"',
      `"cus_deep","x":${'['.repeat(50_000)}${']'.repeat(50_000)}`,
    );
    const good = Array.from({ length: 5 }, (_, n) => anEvent('customer.updated', aCustomer(`cus_good_${n}`)));
    const [refused, ...taken] = await Promise.allSettled([
      signed(deep),
      ...good.map((event) => deliver(ingestion, connection, event)),
    ]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'BAD_USER_INPUT' } });
    expect(taken.map(({ status }) => status)).toEqual(good.map(() => 'fulfilled'));
  });

  it('an event while the database is gone, as something to send again', async () => {
    const lost = await startIngestion();
    const there = await lost.newConnection();
    await deliver(lost, there, anEvent('customer.updated', aCustomer('cus_before')));
    await lost.worker.stop();
    await lost.database.drop();
    const event = anEvent('customer.updated', aCustomer('cus_after'));
    await expect(deliver(lost, there, event)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      details: { retryable: true },
    });
    await lost.receiver.close();
    await lost.orm.close();
    await lost.stripe.close();
  });

  it('everything after it was closed, as something to send again', async () => {
    const receiver = newReceiver(ingestion.connections);
    const taken = deliver({ receiver }, connection, anEvent('customer.updated', aCustomer('cus_last')));
    await receiver.close();
    expect((await taken).duplicate).toBe(false);
    await expect(
      deliver({ receiver }, connection, anEvent('customer.updated', aCustomer('cus_late'))),
    ).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});
