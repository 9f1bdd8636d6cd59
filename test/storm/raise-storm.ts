import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { compareFacts } from './compare-facts.ts';
import { compareInbox } from './compare-inbox.ts';
import { compareRows } from './compare-rows.ts';
import { bringMisfortunes, type Comebacks } from './misfortunes.ts';
import { startPostgresThatCrashes } from './postgres-that-crashes.ts';
import { createRandom, type Random } from './random.ts';
import { createSender, type Sender } from './sender.ts';
import { createServerProcess, type ServerProcess } from './server-process.ts';
import {
  type Event,
  type Population,
  type StripeInMotion,
  type StripeObject,
  setStripeInMotion,
} from './stripe-in-motion.ts';
import { startStripeServer } from './stripe-server.ts';

export type Storm = {
  seed: number;
  /** The server's entry, built as for production. */
  main: string;
  /** How many deliveries Stripe plans; those that it has to repeat come on top. */
  deliveries: number;
  perSecond: number;
  kills: number;
  crashes: number;
  size: Population;
};

export type Aftermath = { violations: string[]; counts: Record<string, unknown>; comebacks: Comebacks };

/** Milliseconds that may pass between the last delivery and the last row. */
const patience = 120_000;

/**
 * Two processes of the server, each with its worker, on one PostgreSQL. Stripe tells them of objects that change all the while:
 * shuffled, doubled, in parallel, in three versions. Meanwhile the servers are killed and PostgreSQL crashes. Afterwards every
 * row must be as Stripe's object is.
 */
export async function raiseStorm(storm: Storm): Promise<Aftermath> {
  await using stack = new AsyncDisposableStack();
  const random = createRandom(storm.seed);
  const objects = new Map<string, StripeObject>();
  const postgres = await startPostgresThatCrashes();
  stack.defer(postgres.stop);
  const stripe = await startStripeServer(createRandom(storm.seed + 1), objects);
  stack.defer(stripe.close);

  const secret = `whsec_${randomBytes(16).toString('hex')}`;
  const variables = {
    DATABASE_URL: postgres.url,
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    PUBLIC_URL: 'http://localhost',
    STRIPE_API_URL: stripe.url,
    STRIPE_LIVE_READS_PER_SECOND: '10000',
    // A live account: Stripe answers four times as many questions a second as in test mode.
    STRIPE_LIVE_SECRET_KEY: `sk_live_${randomBytes(12).toString('hex')}`,
    STRIPE_LIVE_WEBHOOK_SECRET: secret,
    LOG_LEVEL: 'error',
  };
  const servers: ServerProcess[] = [];
  for (const name of ['first', 'second']) {
    const server = await createServerProcess(name, storm.main, variables);
    stack.defer(() => server.kill());
    servers.push(server);
    server.start();
  }
  const connectionId = await findConnection(postgres.url, servers);
  const projectId = await oneValue(postgres.url, 'select id from project');

  const motion = setStripeInMotion(random, projectId!, storm.size, objects);
  const sender = createSender(createRandom(storm.seed + 2), servers, { connectionId, secret });
  stack.defer(sender.close);

  const duration = (storm.deliveries / storm.perSecond) * 1_000;
  const misfortunes = bringMisfortunes(
    { random: createRandom(storm.seed + 3), servers, postgres, sender },
    { ...storm, duration },
  );
  const begin = Date.now();
  const { sent, delivered } = await sendAll({ random, motion, sender }, storm);
  const [comebacks] = await Promise.all([misfortunes, delivered]);
  const settledWithin = await settle(postgres.url);

  const database = new pg.Client(postgres.url);
  await database.connect();
  stack.defer(() => database.end());
  const { faults: stale, compared } = await compareRows(database, motion);
  const { faults: wrongFacts, facts } = await compareFacts(database, motion);
  const deadlocks = await postgres.deadlocks();
  const violations = [
    ...deadlocks.map((deadlock) => `deadlock: ${deadlock}`),
    ...(await compareInbox(database, sent)),
    ...stale,
    ...wrongFacts,
    ...sender.wrongAnswers.map((answer) => `wrong answer: ${answer}`),
    ...servers.flatMap(({ deaths }) => deaths.map((death) => `died: ${death}`)),
    ...servers.filter((server) => !server.isAlive()).map(({ name }) => `dead at the end: ${name}`),
    ...(settledWithin === null ? ['not done: the events were not done in time'] : []),
  ];
  const counts = {
    events: sent.size,
    deliveries: sender.counts.acknowledged,
    attempts: sender.counts.attempts,
    'not taken, sent again': sender.counts.notTaken,
    kills: storm.kills,
    crashes: storm.crashes,
    'objects fetched': stripe.counts.asked,
    'answers seconds late': stripe.counts.late,
    'answers failed': stripe.counts.failed,
    'rows compared': compared,
    facts,
    'settled, ms after the last delivery': settledWithin,
    seconds: Math.round((Date.now() - begin) / 1000),
    deadlocks: deadlocks.length,
  };
  return { violations, counts, comebacks };
}

/** Changes objects in the storm's pace, and has each change told by one delivery or several, sooner or later. */
async function sendAll(
  { random, motion, sender }: { random: Random; motion: StripeInMotion; sender: Sender },
  { deliveries, perSecond }: Storm,
) {
  const sent = new Set<string>();
  const under: Promise<void>[] = [];
  const begin = Date.now();
  const send = (events: Event[]) => {
    for (const event of events) {
      sent.add(event.id);
      for (let copies = random.chance(0.3) ? 2 + random.below(2) : 1; copies > 0; copies--)
        under.push(sleep(delayOf(random)).then(() => sender.deliver(event)));
    }
  };
  while (under.length < deliveries) {
    while (under.length < Math.min(deliveries, ((Date.now() - begin) / 1_000) * perSecond)) send(motion.change());
    await sleep(10);
  }
  send(motion.appear());
  return { sent, delivered: Promise.all(under) };
}

/** Most events come at once, some seconds later, a few long after the next ones. */
function delayOf(random: Random): number {
  const dice = random.next();
  return random.below(dice < 0.5 ? 200 : dice < 0.9 ? 3_000 : 12_000);
}

async function findConnection(url: string, servers: ServerProcess[]): Promise<string> {
  await Promise.all(servers.map((server) => server.ready()));
  for (;;) {
    const id = await oneValue(url, 'select id from stripe_connection');
    if (id) return id;
    await sleep(20);
  }
}

async function oneValue(url: string, sql: string): Promise<string | undefined> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

/** @returns how many milliseconds the last events took; null where they are not done after all patience. */
async function settle(url: string): Promise<number | null> {
  const begin = Date.now();
  const busy = `select (select count(*) from inbound_event where done_at is null) + (select count(*) from lane where key like 'stripe/%')`;
  while (Date.now() - begin < patience) {
    if (Number(await oneValue(url, busy)) === 0) return Date.now() - begin;
    await sleep(50);
  }
  return null;
}
