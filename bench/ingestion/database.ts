import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createSealer } from '../../src/access/sealing.ts';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openOrm } from '../../src/database/open-orm.ts';
import { newId } from '../../src/ids.ts';
import { Project } from '../../src/teams/project.entity.ts';
import { StripeConnection } from '../../src/teams/stripe-connection.entity.ts';
import { Team } from '../../src/teams/team.entity.ts';

export const customers = 2_000;
export const prices = 20;

export const encryptionKey = randomBytes(32);
export const secret = `whsec_${randomBytes(16).toString('hex')}`;

/** Runs `use` with a PostgreSQL that keeps its promises (fsync) and remembers when each transaction was committed. */
export async function withDurableDatabase(use: (url: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'billgraph-bench-'));
  await chmod(directory, 0o755);
  try {
    const first = await startEmbeddedPostgres(directory, { durable: true });
    await statement(first.url, 'alter system set track_commit_timestamp = on');
    await first.stop();
    const postgres = await startEmbeddedPostgres(directory, { durable: true });
    try {
      await use(postgres.url);
    } finally {
      await postgres.stop();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Migrates the database, and puts a connection in with what subscriptions refer to. @returns the connection's id. */
export async function prepare(url: string): Promise<string> {
  await migrate(url);
  const orm = openOrm(url, { poolSize: 1 });
  const em = orm.em.fork();
  const sealer = createSealer([encryptionKey]);
  const team = em.create(Team, { id: newId('team'), name: 'Bench' });
  const project = em.create(Project, { id: newId('prj'), name: 'Bench', team });
  const id = newId('conn');
  em.create(StripeConnection, {
    id,
    team,
    environment: 'TEST',
    stripeAccountId: 'acct_bench',
    sealedSecretKey: sealer.seal('sk_test_bench', id),
    sealedWebhookSecrets: [sealer.seal(secret, id)],
  });
  await em.flush();
  await orm.close();
  const tenant = `'${project.id}', 'TEST', '${id}'`;
  await statement(
    url,
    `insert into product (id, project_id, environment, connection_id, stripe_product_id, name, active, created_at, updated_at)
       values ('pp_1', ${tenant}, 'prod_1', 'Pro', true, now(), now());
     insert into price (id, project_id, environment, connection_id, product_id, stripe_price_id, type, currency, unit_amount,
         unit_amount_decimal, recurring_interval, recurring_interval_count, active, created_at, updated_at)
       select 'pri_' || n, ${tenant}, 'pp_1', 'price_' || n, 'RECURRING', 'USD', 1500, 1500, 'MONTH', 1, true, now(), now()
       from generate_series(0, ${prices - 1}) n;
     insert into customer (id, project_id, environment, connection_id, stripe_customer_id, created_at, updated_at)
       select 'pc_' || n, ${tenant}, 'cus_' || n, now(), now() from generate_series(0, ${customers - 1}) n;`,
  );
  return id;
}

/** Rows of one statement, or of the last one. */
export async function statement<Row>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}
