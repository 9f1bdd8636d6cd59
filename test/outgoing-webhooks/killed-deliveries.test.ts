import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { spawnAnother } from '../rig/another-server.ts';
import { type Billgraph, createTenant, startAnother, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { builtServer } from '../rig/built-server.ts';
import { createEndpoint, deliveriesOf, type Receiver, sendTest, startReceiver, type TestEndpoint } from './receiver.ts';

/** An advisory lock that the test holds, and what is written of a delivery waits for. */
const gate = 424_243;
const key = randomBytes(32);

let billgraph: Billgraph;
let tenant: TestTenant;
let receiver: Receiver;
let endpoint: TestEndpoint;
let admin: pg.Client;
beforeAll(async () => {
  await builtServer('main');
  billgraph = await startBillgraph({ encryptionKeys: [key], allowPrivateAddresses: true, worker: false });
  tenant = await createTenant(billgraph);
  receiver = await startReceiver();
  // Of what it is tried with alone: nothing else comes in between.
  endpoint = await createEndpoint(billgraph, tenant, { url: receiver.url, eventTypes: ['usage.*'] });
  admin = new pg.Client(billgraph.databaseUrl);
  await admin.connect();
}, 120_000);
afterAll(async () => {
  await receiver.close();
  await admin.end();
  await billgraph.close();
});

const worker = () => startAnother(billgraph, { encryptionKeys: [key], allowPrivateAddresses: true, worker: true });
const settled = () => deliveriesOf(billgraph, tenant, { status: ['PENDING'] });

it('what was answered and not written down, because the server was killed, is sent again under the same id', {
  timeout: 60_000,
}, async () => {
  await admin.query(`
    create function hold() returns trigger language plpgsql as $$ begin
      perform pg_advisory_xact_lock(${gate});
      return new;
    end $$;
    create trigger hold before update of status on outgoing_delivery for each row execute function hold();
    select pg_advisory_lock(${gate})`);
  const shared = {
    databaseUrl: billgraph.databaseUrl,
    stripeApiUrl: billgraph.sandbox.url,
    encryptionKey: key.toString('hex'),
  };
  const { child } = await spawnAnother(shared, { WORKER: 'on', ALLOW_PRIVATE_ADDRESSES: 'on' });
  try {
    const messageId = await sendTest(billgraph, tenant, endpoint);
    const waiting = async () =>
      (
        await admin.query(`select from pg_locks where locktype = 'advisory' and objid = ${gate} and not granted
          and database = (select oid from pg_database where datname = current_database())`)
      ).rowCount;
    await expect.poll(waiting, { timeout: 25_000 }).toBe(1);
    expect(receiver.received.map(({ id }) => id)).toEqual([messageId]);
    child.kill('SIGKILL');
  } finally {
    child.kill('SIGKILL');
    await admin.query(`select pg_advisory_unlock(${gate})`);
  }
  const next = await worker();
  await expect.poll(settled, { timeout: 25_000 }).toEqual([]);
  await next.close();
  const [first, second, ...more] = receiver.received as any[];
  expect([second.id, second.body, more]).toEqual([first.id, first.body, []]);
  expect(await deliveriesOf(billgraph, tenant, {})).toMatchObject([{ status: 'DELIVERED', attempts: 2 }]);
});

it('two servers never send one message both', { timeout: 60_000 }, async () => {
  await admin.query('drop trigger if exists hold on outgoing_delivery');
  receiver.received.length = 0;
  const messages = await Promise.all(Array.from({ length: 60 }, () => sendTest(billgraph, tenant, endpoint)));
  const servers = await Promise.all([worker(), worker()]);
  await expect.poll(settled, { timeout: 20_000 }).toEqual([]);
  await Promise.all(servers.map((server) => server.close()));
  expect(receiver.received.map(({ id }) => id).sort()).toEqual(messages.sort());
});
