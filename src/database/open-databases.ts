import type { MikroORM } from '@mikro-orm/postgresql';
import type { BaseLogger } from 'pino';
import { migrate, serverLoginOf } from './migrate.ts';
import { openOrm } from './open-orm.ts';
import { serverRole } from './secure-tables.ts';

/** What requests speak with. */
export type RequestDatabase = {
  orm: MikroORM;
  /** Whether its connections show the rows of one tenant at a time, which each transaction names. */
  walled: boolean;
};

export type Databases = {
  /** Of the server's own work, which reaches every tenant. */
  orm: MikroORM;
  requests: RequestDatabase;
  /** Whom connections work as, instead of the login. */
  role: string | null;
  close(): Promise<void>;
};

type Options = {
  /** Of the login that owns the tables, where the server's own does not. It is used here alone, and forgotten. */
  migrationUrl?: string;
  poolSize: number;
  queryTimeout: number;
  rowLevelSecurity: boolean;
  log: Pick<BaseLogger, 'warn'>;
};

/**
 * Migrates, and opens the database twice: for requests, and for the server's own work. No mistake in a request's code can find
 * itself on a connection that reaches every tenant.
 * @throws where PostgreSQL would not apply its policies to requests: better no server than one that seems to have its wall.
 */
export async function openDatabases(url: string, options: Options): Promise<Databases> {
  const { poolSize, queryTimeout, rowLevelSecurity, log } = options;
  let role: string | null = null;
  const connecting = { poolSize, queryTimeout, role: () => role };
  const orm = openOrm(url, connecting);
  const { migrationUrl = url } = options;
  const security = await migrate(migrationUrl, orm, serverLoginOf(url, migrationUrl));
  role = security.role;
  if (!rowLevelSecurity) {
    log.warn('ROW_LEVEL_SECURITY is off: tenants are kept apart by the conditions of each statement alone');
    return { orm, requests: { orm, walled: false }, role, close: () => orm.close() };
  }
  if (security.bound === 'owner')
    log.warn({ sql: sqlForRole }, 'The login owns its tables and may not have another role: policies bind it too');
  const requests = openOrm(url, { ...connecting, reach: 'one tenant', beside: orm });
  const close = async () => {
    await requests.close();
    await orm.close();
  };
  // The first webhook finds a connection that is open.
  const [walled] = await Promise.all([isWalled(requests), orm.em.getConnection().execute('select 1')]).catch(
    async (failure) => {
      await close();
      throw failure;
    },
  );
  if (walled) return { orm, requests: { orm: requests, walled }, role, close };
  await close();
  throw new Error(
    `PostgreSQL exempts the login of DATABASE_URL from row-level security. Run \`${sqlForRole}\` as an administrator, ` +
      'with its name, or set ROW_LEVEL_SECURITY=off to go without.',
  );
}

const sqlForRole = `create role ${serverRole} nologin; grant ${serverRole} to <login>`;

async function isWalled(orm: MikroORM): Promise<boolean> {
  const [row] = await orm.em.getConnection().execute(`select row_security_active('customer') as active`);
  return row!.active;
}
