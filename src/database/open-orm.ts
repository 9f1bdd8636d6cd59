import { join } from 'node:path';
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import type { ClientBase, Pool } from 'pg';
import { entities } from './entities.ts';
import { mendPool } from './mend-pool.ts';
import { introduction, type Reach } from './reach.ts';
import { views } from './views.ts';

export type OrmOptions = {
  poolSize: number;
  /** Milliseconds after which a statement is given up; without it none is. */
  queryTimeout?: number;
  /** Every tenant, unless it is said otherwise. */
  reach?: Reach;
  /** Whom its connections work as, instead of the login: asked when one is made. */
  role?: () => string | null;
  /** Speaks of the same tables. To find out about them anew takes a tenth of a second, in which nothing else happens. */
  beside?: MikroORM;
};

export const migrationsFolder = join(import.meta.dirname, '../../migrations');

/**
 * Opens MikroORM over one pool of `poolSize` connections. It does not connect yet, and it does not migrate.
 * @param url a `postgresql://` URL.
 */
export function openOrm(url: string, options: OrmOptions): MikroORM {
  const { reach = 'every tenant' } = options;
  let pool: Pool | undefined;
  const orm = new MikroORM({
    clientUrl: url,
    // Within a transaction `orm.em` means its EntityManager: by this name never that of the other reach.
    contextName: reach,
    entities,
    extensions: [Migrator],
    migrations: {
      path: migrationsFolder,
      glob: '!(*.d).{js,ts}',
      tableName: 'migration',
      snapshot: false,
      silent: true,
    },
    // Triggers and procedures stand in the migrations: MikroORM would drop those that no entity declares.
    schemaGenerator: {
      skipTables: Object.keys(views),
      skipViews: Object.keys(views),
      ignoreTriggers: true,
      ignoreRoutines: true,
    },
    forceUtcTimezone: true,
    pool: { min: 0, max: options.poolSize },
    driverOptions: {
      connectionTimeoutMillis: 5_000,
      query_timeout: options.queryTimeout,
      onConnect: (client: ClientBase) => client.query(introduction(reach, options.role?.() ?? null)),
      onPoolCreated(made: Pool) {
        pool = made;
        mendPool(made);
      },
    },
    discovery: { skipSyncDiscovery: options.beside !== undefined },
  });
  if (options.beside) {
    orm.driver.setMetadata(options.beside.getMetadata());
    Object.assign(orm, { em: Object.assign(orm.driver.createEntityManager(), { global: true }) });
  }
  const close = orm.close.bind(orm);
  orm.close = async (force) => {
    await pool?.end();
    await close(force);
  };
  return orm;
}
