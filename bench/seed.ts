import type { MikroORM } from '@mikro-orm/postgresql';
import { createApiKey } from '../src/identity/access/create-api-key.ts';
import { customers, subscriptions } from './questions.ts';

/** Fills a migrated database. @returns a key that may read it. */
export async function seed(orm: MikroORM): Promise<string> {
  await orm.em.getConnection().execute(rows);
  await orm.em.getConnection().execute('vacuum analyze');
  const { secret } = await createApiKey(
    { em: orm.em.fork() },
    {
      teamId: 'team_1',
      projectIds: ['prj_1'],
      environment: 'TEST',
      name: 'Bench',
      scopes: ['customers:read', 'products:read', 'subscriptions:read'],
    },
  );
  return secret;
}

const id = (prefix: string, number: string) => `'${prefix}_' || lpad((${number})::text, 26, '0')`;
const tenant = `'prj_1', 'TEST', 'conn_1'`;
const start = `timestamptz '2026-01-01'`;

const rows = `
insert into team (id, name, created_at) values ('team_1', 'Bench', ${start});
insert into project (id, team_id, name, created_at) values ('prj_1', 'team_1', 'Bench', ${start});
insert into stripe_connection (id, team_id, environment, stripe_account_id, sealed_secret_key, sealed_webhook_secrets, created_at)
  values ('conn_1', 'team_1', 'TEST', 'acct_1', '', '{}', ${start});
insert into product (id, project_id, environment, connection_id, stripe_product_id, name, active, created_at, updated_at)
  select ${id('pp', 'n')}, ${tenant}, 'prod_' || n, 'Product ' || n, true, ${start} + n * interval '1 s', ${start}
  from generate_series(1, 10) n;
insert into price (id, project_id, environment, connection_id, product_id, stripe_price_id, type, currency, unit_amount,
    unit_amount_decimal, recurring_interval, recurring_interval_count, active, created_at, updated_at)
  select ${id('pri', 'n')}, ${tenant}, ${id('pp', '1 + n % 10')}, 'price_' || n, 'RECURRING', 'USD', n * 100, n * 100,
    'MONTH', 1, true, ${start} + n * interval '1 s', ${start}
  from generate_series(1, 30) n;
insert into customer (id, project_id, environment, connection_id, stripe_customer_id, external_id, email, name, created_at, updated_at)
  select ${id('pc', 'n')}, ${tenant}, 'cus_' || n, 'u_' || n, 'person' || n || '@example.com', 'Person ' || n,
    ${start} + n * interval '1 s', ${start}
  from generate_series(1, ${customers}) n;
insert into subscription (id, project_id, environment, connection_id, customer_id, price_id, quantity, stripe_subscription_id,
    status, stripe_status, current_period_start, current_period_end, cancel_at_period_end, created_at, updated_at)
  select ${id('ps', 'n')}, ${tenant}, ${id('pc', `1 + n % ${customers}`)}, ${id('pri', '1 + n % 30')}, 1, 'sub_' || n,
    'ACTIVE', 'active', ${start}, ${start} + interval '1 month', false, ${start} + n * interval '1 s', ${start}
  from generate_series(1, ${subscriptions}) n;
`;
