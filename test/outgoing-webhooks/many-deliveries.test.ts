import { afterAll, beforeAll, expect, it } from 'vitest';
import { enqueueOutgoing } from '../../src/outgoing/webhooks/enqueue-outgoing.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { createEndpoint, type Receiver, startReceiver } from './receiver.ts';

/**
 * A queue to several endpoints at once, and what a second of it carries: `DELIVERIES=5000 npx vitest run
 * test/outgoing-webhooks/many-deliveries.test.ts` measures, with the receivers in the same process.
 */
const messages = Number(process.env.DELIVERIES ?? 60);
const together = 500;

let billgraph: Billgraph;
let tenant: TestTenant;
let quick: Receiver[];
let hanging: Receiver;
let [openNow, openAtMost] = [0, 0];
beforeAll(async () => {
  billgraph = await startBillgraph({ allowPrivateAddresses: true });
  tenant = await createTenant(billgraph);
  quick = [await startReceiver(), await startReceiver()];
  hanging = await startReceiver();
  hanging.answer((response) => {
    openAtMost = Math.max(openAtMost, ++openNow);
    response.on('close', () => openNow--);
  });
  for (const { url } of quick) await createEndpoint(billgraph, tenant, { url, eventTypes: ['invoice.paid'] });
});
afterAll(async () => {
  await Promise.all([...quick, hanging].map((receiver) => receiver.close()));
  await billgraph.close();
});

async function send() {
  const { projectId, environment } = tenant;
  const event = { type: 'invoice.paid' as const, projectId, environment, customerId: null, occurredAt: new Date() };
  const em = billgraph.app.orm.em.fork();
  for (let n = 0; n < messages; n += together) {
    const batch = Array.from({ length: Math.min(together, messages - n) }, (_, at) => ({
      ...event,
      data: { n: n + at },
    }));
    await em.transactional((em) => enqueueOutgoing(em, batch));
  }
}

/** Every quick endpoint has every message. @returns what that came to. */
async function arrived(begin: number, used: NodeJS.CpuUsage): Promise<string> {
  const count = () => quick.map(({ received }) => new Set(received.map(({ id }) => id)).size);
  await expect.poll(count, { timeout: 60_000 + messages * 100, interval: 20 }).toEqual([messages, messages]);
  const seconds = (performance.now() - begin) / 1_000;
  for (const receiver of quick) receiver.received.length = 0;
  const { user, system } = process.cpuUsage(used);
  const deliveries = quick.length * messages;
  const each = ((user + system) / 1_000 / deliveries).toFixed(2);
  return `${Math.round(deliveries / seconds)} deliveries a second (${each} ms of this process' time each)`;
}

it(`carries ${messages} messages to two endpoints, also beside one that hangs`, {
  timeout: 600_000,
}, async () => {
  let used = process.cpuUsage();
  const begin = performance.now();
  await send();
  const alone = await arrived(begin, used);

  await createEndpoint(billgraph, tenant, { url: hanging.url, eventTypes: ['invoice.paid'] });
  used = process.cpuUsage();
  const again = performance.now();
  await send();
  const beside = await arrived(again, used);
  process.stdout.write(`${alone} to two endpoints; ${beside} beside a third that hangs\n`);

  expect(openAtMost).toBeGreaterThan(0);
  expect(openAtMost).toBeLessThanOrEqual(10);
  // The queue to the one that hangs goes on, and holds nothing but its own places.
  const [{ waiting }] = await asOwner(
    billgraph.databaseUrl,
    `select count(*)::int as waiting from lane where key like 'outgoing/%'`,
  );
  expect(waiting).toBeGreaterThan(0);
});
