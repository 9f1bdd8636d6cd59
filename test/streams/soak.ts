import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import Stripe from 'stripe';
import { openOrm } from '../../src/database/open-orm.ts';
import { createApiKey } from '../../src/identity/access/create-api-key.ts';
import { keyScopes } from '../../src/identity/access/scopes.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { firstProject } from '../../src/tenancy/teams/ensure-project.ts';
import { createRandom } from '../storm/random.ts';
import { createServerProcess, type ServerProcess } from '../storm/server-process.ts';
import { type Followers, followMany } from './followers.ts';
import { makeCustomers } from './soak-customers.ts';

export type Soak = {
  seed: number;
  /** Of an empty database. */
  databaseUrl: string;
  /** The server's entry, built as for production. */
  main: string;
  clients: number;
  customers: number;
  /** For how long states change, and how often. */
  seconds: number;
  changesPerSecond: number;
  /** How many of a hundred changes are made at Stripe, and come by webhook. The others are statements in the database. */
  byWebhook: number;
};

export type Sample = { second: number; megabytes: number[]; open: number };
export type Endured = {
  violations: string[];
  counts: Record<string, unknown>;
  samples: Sample[];
  /** Milliseconds from the commit to the push, and from Stripe's answer to the push. */
  took: { commit: number[]; webhook: number[] };
};

/** Milliseconds in which the last push has come. */
const patience = 30_000;

/**
 * Two processes of the server, of which one alone works: it hears the webhooks. Clients follow states at both, each several of one customer's. All
 * the while states change; each client must see the newest at the end, and none may be lost.
 */
export async function soak(soak: Soak): Promise<Endured> {
  await using stack = new AsyncDisposableStack();
  const random = createRandom(soak.seed);
  const sandbox = await startSandbox({ databaseUrl: soak.databaseUrl });
  stack.defer(sandbox.close);
  const secretKey = `sk_test_51${randomBytes(24).toString('hex')}`;
  const variables: Record<string, string> = {
    DATABASE_URL: soak.databaseUrl,
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    STRIPE_API_URL: sandbox.url,
    STRIPE_TEST_SECRET_KEY: secretKey,
    RATE_LIMITS: 'CUSTOMERS=1000000,ADDRESSES=1000000,WRITES=1000000,CUSTOMER_CREATES=1000000',
    LOG_LEVEL: 'error',
  };
  const working = await createServerProcess('working', soak.main, variables);
  const other = await createServerProcess('other', soak.main, { ...variables, WORKER: 'off', PUBLIC_URL: working.url });
  variables.PUBLIC_URL = working.url;
  const servers: ServerProcess[] = [working, other];
  for (const server of servers) {
    stack.defer(async () => void (await server.stop()));
    server.start();
    await server.ready();
  }

  const orm = openOrm(soak.databaseUrl, { poolSize: 2 });
  stack.defer(() => orm.close());
  const em = orm.em.fork();
  const project = (await firstProject(em))!;
  const { secret: apiKey } = await createApiKey(
    { em },
    { teamId: project.team.id, projectIds: [project.id], environment: 'TEST', name: 'Soak', scopes: keyScopes },
  );
  const customers = await makeCustomers({ url: working.url, apiKey }, soak.customers);
  const database = new pg.Client(soak.databaseUrl);
  await database.connect();
  stack.defer(() => database.end());
  const { hostname, port, protocol } = new URL(sandbox.url);
  const stripe = new Stripe(secretKey, { host: hostname, port, protocol: protocol.slice(0, -1) as 'http' });

  const followers = followMany(servers, customers, soak.clients);
  stack.defer(followers.stop);
  await until(() => followers.open() === soak.clients);

  const samples: Sample[] = [];
  const begin = Date.now();
  const sampling = (async () => {
    for (let second = 0; second <= soak.seconds; second += Math.max(1, Math.floor(soak.seconds / 30))) {
      await sleep(Math.max(0, begin + second * 1_000 - Date.now()));
      samples.push({ second, megabytes: await Promise.all(servers.map(memoryOf)), open: followers.open() });
    }
  })();
  let changes = 0;
  let webhooks = 0;
  const under: Promise<unknown>[] = [];
  while (Date.now() - begin < soak.seconds * 1_000) {
    const wanted = ((Date.now() - begin) / 1_000) * soak.changesPerSecond;
    while (changes < wanted) {
      const customer = customers[random.below(customers.length)]!;
      const name = `name ${changes++}`;
      if (random.chance(soak.byWebhook / 100)) {
        webhooks++;
        under.push(
          stripe.customers
            .update(customer.stripeCustomerId, { name })
            .then(() => followers.changed(customer, name, 'webhook')),
        );
      } else {
        await database.query('update customer set name = $1, updated_at = now() where id = $2', [name, customer.id]);
        followers.changed(customer, name, 'commit');
      }
    }
    await sleep(5);
  }
  await Promise.all([sampling, ...under]);
  await sandbox.idle();
  const behind = await caughtUp(database, followers);
  const violations = [
    ...behind.map((id) => `behind: a client of ${id} has not seen its newest state`),
    ...followers.lost().map((what) => `lost: ${what}`),
    ...servers.flatMap(({ deaths }) => deaths.map((death) => `died: ${death}`)),
    ...growthOf(samples),
  ];
  const counts = {
    clients: soak.clients,
    customers: soak.customers,
    changes,
    'of them by webhook': webhooks,
    pushes: followers.pushes(),
    seconds: Math.round((Date.now() - begin) / 1_000),
  };
  return { violations, counts, samples, took: followers.took };
}

/** @returns whose clients have not seen what their row says, though there was time. */
async function caughtUp(database: pg.Client, followers: Followers): Promise<string[]> {
  for (const end = Date.now() + patience; ; await sleep(100)) {
    const { rows } = await database.query<{ id: string; name: string | null }>('select id, name from customer');
    const behind = followers.behind(new Map(rows.map(({ id, name }) => [id, name])));
    if (!behind.length || Date.now() > end) return behind;
  }
}

async function until(isIt: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; !isIt(); await sleep(20))
    if (Date.now() > end) throw new Error('Not all streams were opened within a minute.');
}

/** Resident memory, as the kernel counts it. */
async function memoryOf(server: ServerProcess): Promise<number> {
  const status = await readFile(`/proc/${server.pid()}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1_024);
}

/** Memory is flat where its second half is no higher than its first third by more than a collector leaves lying about. */
function growthOf(samples: Sample[]): string[] {
  if (samples.length < 12) return [];
  return samples[0]!.megabytes.flatMap((_, server) => {
    const megabytes = samples.map((sample) => sample.megabytes[server]!);
    const early = Math.max(...megabytes.slice(0, Math.ceil(megabytes.length / 2)));
    const late = Math.max(...megabytes.slice(Math.ceil(megabytes.length / 2)));
    return late > early * 1.1 + 20
      ? [`memory: server ${server} had ${early} MB in its first half, and then ${late} MB`]
      : [];
  });
}
