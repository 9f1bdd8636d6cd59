import { afterAll, beforeAll, expect, it } from 'vitest';
import { openOrm } from '../../src/database/open-orm.ts';
import { createStripeLanes } from '../../src/ingestion/mirror/stripe-lanes.ts';
import { createWebhookReceiver, type WebhookReceiver } from '../../src/ingestion/webhooks/receive-webhook.ts';
import { startWorker } from '../../src/lanes/start-worker.ts';
import { createLog } from '../../src/log.ts';
import { anEvent, deliver, type Event, type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';
import { aCustomer, anItem, aPrice, aProduct, aSubscription, itemsOf } from './stripe-objects.ts';

/**
 * Two servers with their workers on one database. Stripe sends the events of many lives, shuffled, doubled, in parallel, and
 * again where it was not told 200, while connections to the database are cut, some of them inside a transaction.
 */
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const lives = 60;
const changes = 5;
const cuts = 8;

let ingestion: Ingestion;
let connection: TestConnection;
let second: Awaited<ReturnType<typeof startSecond>>;
beforeAll(async () => {
  ingestion = await startIngestion({ poolSize: 3 });
  connection = await ingestion.newConnection();
  second = await startSecond();
  const { objects } = ingestion.stripe;
  const metadata = { billgraph_project_id: connection.projectIds[0] };
  for (let n = 0; n < 6; n++) objects.set(`cus_${n}`, aCustomer(`cus_${n}`, { metadata }));
  objects.set('prod_1', aProduct('prod_1'));
  for (const id of ['price_1', 'price_2']) objects.set(id, aPrice(id));
});
afterAll(async () => {
  await second.close();
  await ingestion.close();
});

async function startSecond() {
  const { connections, database } = ingestion;
  const orm = openOrm(database.url, { poolSize: 3 });
  const log = createLog('silent');
  const receiver = createWebhookReceiver({ orm, connections, log });
  const kinds = { stripe: createStripeLanes({ orm, connections, log }) };
  const worker = await startWorker({ orm, databaseUrl: database.url, log, kinds });
  return {
    receiver,
    worker,
    async close() {
      await receiver.close();
      await worker.stop();
      await orm.close();
    },
  };
}

it(`loses nothing and leaves nothing stale (SEED=${seed})`, { timeout: 120_000 }, async () => {
  const random = mulberry32(seed);
  const { stripe } = ingestion;
  const deliveries: Event[] = [];
  for (let life = 0; life < lives; life++) {
    for (let change = 0; change < changes; change++) {
      stripe.now += random() < 0.5 ? 0 : 1;
      const quantity = Math.floor(random() * 9) + 1;
      const id = `sub_${life}`;
      const items = itemsOf(anItem(`si_${id}`, random() < 0.5 ? 'price_1' : 'price_2', { quantity }));
      const object = aSubscription(id, { customer: `cus_${life % 6}`, items, metadata: { change: String(change) } });
      stripe.objects.set(id, object);
      const event = anEvent('customer.subscription.updated', object, { created: stripe.now });
      deliveries.push(event, ...(random() < 0.3 ? [event] : []));
    }
  }
  stripe.now += 1;
  shuffle(deliveries, random);

  const doors: WebhookReceiver[] = [ingestion.receiver, second.receiver];
  let refused = 0;
  /** As Stripe does, but not for three days. */
  const send = async (event: Event) => {
    for (let tries = 0; tries < 300; tries++) {
      const receiver = doors[Math.floor(random() * doors.length)]!;
      const refusal = await deliver({ receiver }, connection, event).then(
        () => null,
        (refusal) => refusal,
      );
      if (!refusal) return;
      expect(refusal.code).toBe('SERVICE_UNAVAILABLE');
      refused += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${event.id} was refused 300 times.`);
  };
  const queue = [...deliveries];
  const senders = Array.from({ length: 16 }, async () => {
    for (let event = queue.shift(); event; event = queue.shift()) await send(event);
  });
  for (let cut = 0; cut < cuts; cut++) {
    await new Promise((resolve) => setTimeout(resolve, 60));
    await cutSome(0.5);
  }
  await Promise.all(senders);
  await expect.poll(() => everythingDone(), { timeout: 60_000, interval: 50 }).toEqual({ undone: 0, lanes: 0 });

  const rows = await ingestion.rows<{ id: string; change: string; quantity: number; price: string; items: number }>(
    `select stripe_subscription_id as id, s.metadata->>'change' as change, s.quantity, stripe_price_id as price,
       (select count(*)::int from subscription_item i where i.subscription_id = s.id) as items
     from subscription s join price p on p.id = s.price_id`,
  );
  expect(rows).toHaveLength(lives);
  for (const row of rows) {
    const object = stripe.objects.get(row.id) as unknown as ReturnType<typeof aSubscription>;
    const [item] = (object.items as { data: ReturnType<typeof anItem>[] }).data;
    expect(row).toMatchObject({
      change: String(changes - 1),
      quantity: item!.quantity,
      price: item!.price.id,
      items: 1,
    });
  }
  const [counts] = await ingestion.rows<{ events: number; deadlocks: number }>(
    `select (select count(*)::int from inbound_event) as events,
       (select deadlocks::int from pg_stat_database where datname = current_database()) as deadlocks`,
  );
  expect(counts).toEqual({ events: lives * changes, deadlocks: 0 });
  const health = () => [ingestion.worker.isHealthy(), second.worker.isHealthy()];
  await expect.poll(health, { timeout: 5_000 }).toEqual([true, true]);
  const asked = stripe.asked.length;
  process.stdout.write(
    `storm: ${deliveries.length} deliveries, ${refused} refused and sent again, ${asked} fetches, seed ${seed}\n`,
  );
});

/** Cuts each connection to the database, but this one, with a probability. */
async function cutSome(probability: number) {
  const cut = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and random() < $1`;
  await ingestion.rows(cut, [probability]).catch(() => {});
}

async function everythingDone() {
  const [row] = await ingestion
    .rows(
      `select (select count(*)::int from inbound_event where done_at is null) as undone,
         (select count(*)::int from lane) as lanes`,
    )
    .catch(() => []);
  return row;
}

function shuffle(list: unknown[], random: () => number) {
  for (let at = list.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [list[at], list[other]] = [list[other], list[at]];
  }
}

/** A small generator of random numbers that takes a seed. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
