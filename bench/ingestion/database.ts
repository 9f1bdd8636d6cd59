import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../../src/database/migrate.ts';
import { openOrm } from '../../src/database/open-orm.ts';
import { newId } from '../../src/ids.ts';
import { createSealer } from '../../src/sealing/sealing.ts';
import { StripeConnection } from '../../src/tenancy/connections/stripe-connection.entity.ts';
import { Project } from '../../src/tenancy/teams/project.entity.ts';
import { Team } from '../../src/tenancy/teams/team.entity.ts';
import { parentOf } from '../contender.ts';

export const customers = 2_000;
export const prices = 20;

export const encryptionKey = randomBytes(32);
export const secret = `whsec_${randomBytes(16).toString('hex')}`;

/** A database of its own. @returns its URL. */
export async function newDatabase(postgres: string, name: string): Promise<string> {
  await statement(postgres, `create database ${name}`);
  const url = new URL(postgres);
  url.pathname = `/${name}`;
  return url.href;
}

/** The process that all of PostgreSQL's are children of. */
export async function postmasterOf(url: string): Promise<number> {
  const [row] = await statement<{ pid: number }>(
    url,
    `select pid from pg_stat_activity where backend_type = 'checkpointer'`,
  );
  return parentOf(row!.pid)!;
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
