import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabases } from '../../src/database/open-databases.ts';
import { openOrm } from '../../src/database/open-orm.ts';
import { sessionOf, type TenantSession, valuesOf } from '../../src/database/reach.ts';
import { runStatement } from '../../src/database/run-statement.ts';
import { environments } from '../../src/environment.ts';
import { createLog } from '../../src/log.ts';
import { TenantQuery } from '../../src/reader/tenant-query.ts';
import { asOwner, createDatabase, type TestDatabase } from '../rig/database.ts';

/** PostgreSQL alone: every statement here leaves the conditions out that the server's own always state. */

let database: TestDatabase;
let databases: Awaited<ReturnType<typeof openDatabases>>;
beforeAll(async () => {
  database = await createDatabase();
  await asOwner(database.url, rows);
  const log = createLog('silent');
  databases = await openDatabases(database.url, { poolSize: 2, queryTimeout: 15_000, rowLevelSecurity: true, log });
});
afterAll(async () => {
  await databases.close();
  await database.drop();
});

/** Two teams with a project each; in both environments of each two customers with a subscription and a fact each. */
const rows = ['a', 'b']
  .flatMap((name) => [
    `insert into team (id, name, created_at) values ('team_${name}', '${name}', now())`,
    `insert into project (id, team_id, name, created_at) values ('prj_${name}', 'team_${name}', '${name}', now())`,
    ...environments.flatMap((environment) => {
      const place = `'prj_${name}', '${environment}', 'conn_${name}_${environment}'`;
      const id = (row: string) => `'${row}_${name}_${environment}'`;
      return [
        `insert into stripe_connection (id, team_id, environment, stripe_account_id, sealed_secret_key, sealed_webhook_secrets, created_at)
         values ('conn_${name}_${environment}', 'team_${name}', '${environment}', 'acct', '', '{}', now())`,
        `insert into inbound_event (connection_id, event_id, type, stripe_created, payload) values ('conn_${name}_${environment}', 'evt', 'x', 1, '{}')`,
        `insert into product (id, project_id, environment, connection_id, stripe_product_id, name, active, created_at, updated_at)
         values (${id('pp')}, ${place}, 'prod', 'Pro', true, now(), now())`,
        ...[1, 2].flatMap((n) => [
          `insert into customer (id, project_id, environment, connection_id, stripe_customer_id, created_at, updated_at)
           values (${id(`pc${n}`)}, ${place}, 'cus_${n}', now(), now())`,
          `insert into subscription (id, project_id, environment, connection_id, customer_id, stripe_subscription_id, status, stripe_status, cancel_at_period_end, created_at, updated_at)
           values (${id(`ps${n}`)}, ${place}, ${id(`pc${n}`)}, 'sub_${n}', 'ACTIVE', 'active', false, now(), now())`,
          `insert into billing_event (id, project_id, environment, customer_id, type, subject_id, business_key, after, occurred_at, created_at)
           values (${id(`be${n}`)}, 'prj_${name}', '${environment}', ${id(`pc${n}`)}, 'payment.succeeded', 'x', ${id(`be${n}`)}, '{}', now(), now())`,
        ]),
      ];
    }),
  ])
  .join(';');

const tenantOf = (name: string, environment: string, customer: number | null = null): TenantSession => ({
  teamId: `team_${name}`,
  projectId: `prj_${name}`,
  environment,
  customerId: customer === null ? null : `pc${customer}_${name}_${environment}`,
});
const tenants = ['a', 'b'].flatMap((name) => environments.map((environment) => ({ name, environment })));

/** As the reader asks. */
async function read(tenant: TenantSession, text: string, values: unknown[] = []): Promise<string[][]> {
  const pool: Pool = await databases.requests.orm.em.getConnection().getNativeClient();
  const query = new TenantQuery({ text, values, rowMode: 'array' }, valuesOf(tenant));
  return (await pool.query<string[]>(query as unknown as string)).rows;
}
/** As a verb asks. */
const write = (tenant: TenantSession, text: string) =>
  runStatement<Record<string, string>>(databases.requests.orm.em.fork({ session: sessionOf(tenant) }), text, []);

const idsOf = async (tenant: TenantSession, table: string, column = 'id') =>
  (await read(tenant, `select ${column} from ${table} order by 1`)).flat();

describe.each(tenants)('in $environment of the project of $name', ({ name, environment }) => {
  const tenant = tenantOf(name, environment);

  it('only its own rows are there, whoever asks', async () => {
    const own = (...rows: string[]) => rows.map((row) => `${row}_${name}_${environment}`);
    expect(await idsOf(tenant, 'customer')).toEqual(own('pc1', 'pc2'));
    expect(await idsOf(tenant, 'subscription')).toEqual(own('ps1', 'ps2'));
    expect(await idsOf(tenant, 'product')).toEqual(own('pp'));
    expect(await idsOf(tenant, 'billing_event')).toEqual(own('be1', 'be2'));
    expect(await idsOf(tenant, 'inbound_event', 'connection_id')).toEqual(own('conn'));
    expect(await idsOf(tenant, 'project')).toEqual([`prj_${name}`]);
    expect(await idsOf(tenant, 'team')).toEqual([`team_${name}`]);
    expect((await write(tenant, 'select id from customer order by id')).map(({ id }) => id)).toEqual(own('pc1', 'pc2'));
  });

  it('no other row can be changed, removed, added or given away', async () => {
    const changed = await write(tenant, `update customer set name = 'changed by ${name} ${environment}' returning id`);
    expect(changed).toHaveLength(2);
    const others = await asOwner(
      database.url,
      `select from customer where name = 'changed by ${name} ${environment}' and (project_id, environment) <> ('prj_${name}', '${environment}')`,
    );
    expect(others).toEqual([]);
    const foreign = name === 'a' ? 'b' : 'a';
    expect(await write(tenant, `delete from subscription where project_id = 'prj_${foreign}' returning id`)).toEqual(
      [],
    );
    await expect(write(tenant, `update customer set project_id = 'prj_${foreign}'`)).rejects.toThrow(
      /row-level security/,
    );
    await expect(
      write(
        tenant,
        `insert into customer (id, project_id, environment, connection_id, created_at, updated_at)
         values ('pc_x', 'prj_${foreign}', '${environment}', 'conn_a_TEST', now(), now())`,
      ),
    ).rejects.toThrow(/row-level security/);
    await expect(
      write(
        tenant,
        `insert into signing_key (id, public_jwk, sealed_private_jwk, created_at) values ('x', '{}', '', now())`,
      ),
    ).rejects.toThrow(/row-level security/);
  });

  it("a customer's token has its customer's rows, and of the rest what everyone may see", async () => {
    const token = tenantOf(name, environment, 1);
    expect(await idsOf(token, 'customer')).toEqual([`pc1_${name}_${environment}`]);
    expect(await idsOf(token, 'subscription')).toEqual([`ps1_${name}_${environment}`]);
    expect(await idsOf(token, 'billing_event')).toEqual([`be1_${name}_${environment}`]);
    expect(await idsOf(token, 'product')).toEqual([`pp_${name}_${environment}`]);
    for (const table of ['team', 'stripe_connection', 'inbound_event', 'api_key'])
      expect(await read(token, `select from ${table}`)).toEqual([]);
    const taken = await write(
      token,
      `update subscription set quantity = 2 where customer_id = 'pc2_${name}_${environment}' returning id`,
    );
    expect(taken).toEqual([]);
  });
});

describe('a connection', () => {
  it('that says for whom it works to nobody sees no row of any table', async () => {
    const pool: Pool = await databases.requests.orm.em.getConnection().getNativeClient();
    await read(tenantOf('a', 'TEST'), 'select from customer');
    for (const { name } of await asOwner(
      database.url,
      `select tablename as name from pg_tables where schemaname = 'public'`,
    )) {
      if (['lane', 'migration'].includes(name)) continue;
      expect([name, (await pool.query(`select from ${name}`)).rowCount]).toEqual([name, 0]);
    }
  });

  const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
  it(`shows none of the last tenant's rows, whatever failed on it, with SEED=${seed}`, {
    timeout: 60_000,
  }, async () => {
    const failing = ['select 1 / 0 from customer', 'select nonsense', 'select from nowhere', `select 'x'::int`];
    const act = fc.record({
      tenant: fc.constantFrom(...tenants.map(({ name, environment }) => tenantOf(name, environment))),
      what: fc.constantFrom('read', 'write', 'fail to read', 'fail to write', 'break off'),
      failing: fc.constantFrom(...failing),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 12 }), async (acts) => {
        await Promise.all(
          acts.map(async ({ tenant, what, failing }) => {
            const text = 'select distinct project_id, environment from customer';
            const own = [tenant.projectId, tenant.environment];
            if (what === 'read') expect(await read(tenant, text)).toEqual([own]);
            if (what === 'write')
              expect(
                (await write(tenant, text)).map(({ project_id, environment }) => [project_id, environment]),
              ).toEqual([own]);
            if (what === 'fail to read') await expect(read(tenant, failing)).rejects.toThrow();
            if (what === 'fail to write') await expect(write(tenant, failing)).rejects.toThrow();
            if (what === 'break off') await expect(breakOff(tenant)).rejects.toThrow('broken off');
          }),
        );
        const pool: Pool = await databases.requests.orm.em.getConnection().getNativeClient();
        expect(
          (await Promise.all([1, 2].map(() => pool.query('select from customer')))).map(({ rowCount }) => rowCount),
        ).toEqual([0, 0]);
      }),
      { seed, numRuns: 40 },
    );
  });

  async function breakOff(tenant: TenantSession) {
    const em = databases.requests.orm.em.fork({ session: sessionOf(tenant) });
    await em.transactional(async (em) => {
      await runStatement(em, 'select from customer', []);
      throw new Error('broken off');
    });
  }

  it('that is given up in the middle of a statement is not used again', async () => {
    const orm = openOrm(database.url, {
      poolSize: 1,
      reach: 'one tenant',
      role: () => databases.role,
      queryTimeout: 100,
    });
    const pool: Pool = await orm.em.getConnection().getNativeClient();
    const slow = new TenantQuery({ text: 'select pg_sleep(1) from customer' }, valuesOf(tenantOf('a', 'TEST')));
    await expect(pool.query(slow as unknown as string)).rejects.toThrow('timeout');
    expect((await pool.query('select from customer')).rowCount).toBe(0);
    await orm.close();
  });
});

describe('rows that are only added', () => {
  const server = (sql: string) => databases.orm.em.fork().execute(sql);

  it.each([
    'update billing_event set type = type',
    'delete from billing_event',
    'truncate billing_event',
    'update audit_entry set mutation = mutation',
    'delete from audit_entry',
  ])('the server cannot: %s', async (sql) => {
    await expect(server(sql)).rejects.toThrow('permission denied');
  });

  it('it adds and reads them; the owner prunes', async () => {
    await server(
      `insert into audit_entry (id, team_id, actor_kind, actor_id, mutation, created_at) values ('aud_1', 'team_a', 'API_KEY', 'key_1', 'x', now())`,
    );
    expect(await server('select id from audit_entry')).toEqual([{ id: 'aud_1' }]);
    expect(await idsOf(tenantOf('a', 'TEST'), 'audit_entry')).toEqual(['aud_1']);
    expect(await idsOf(tenantOf('b', 'TEST'), 'audit_entry')).toEqual([]);
    expect(await asOwner(database.url, 'delete from audit_entry returning id')).toEqual([{ id: 'aud_1' }]);
  });

  it('nor can it alter, own or grant', async () => {
    await expect(server('alter table customer disable row level security')).rejects.toThrow('must be owner');
    await expect(server('drop policy tenant on customer')).rejects.toThrow('must be owner');
    await expect(server('create table x (y int)')).rejects.toThrow('permission denied');
  });
});
