import { join } from 'node:path';
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import type { ClientBase } from 'pg';
import { entities } from './entities.ts';
import { freeSlotsOfDeadConnections } from './free-slots-of-dead-connections.ts';
import { introduction, type Reach } from './reach.ts';

export type OrmOptions = { poolSize: number; queryTimeout?: number; reach?: Reach; role?: string | null };

const migrations = join(import.meta.dirname, '../../migrations');

/**
 * Opens MikroORM over one pool of `poolSize` connections. It does not connect yet, and it does not migrate.
 * @param url a `postgresql://` URL.
 * @param options.queryTimeout milliseconds after which a statement is given up; without it none is.
 * @param options.reach every tenant, unless it is said otherwise.
 * @param options.role whom its connections work as, instead of the login.
 */
export function openOrm(url: string, options: OrmOptions): MikroORM {
  const { reach = 'every tenant' } = options;
  const introduce = introduction(reach, options.role ?? null);
  return new MikroORM({
    clientUrl: url,
    // Within a transaction `orm.em` means its EntityManager: by this name never that of the other reach.
    contextName: reach,
    entities,
    extensions: [Migrator],
    migrations: { path: migrations, glob: '!(*.d).{js,ts}', tableName: 'migration', snapshot: false, silent: true },
    forceUtcTimezone: true,
    pool: { min: 0, max: options.poolSize },
    driverOptions: {
      connectionTimeoutMillis: 5_000,
      query_timeout: options.queryTimeout,
      onConnect: (client: ClientBase) => client.query(introduce),
      onPoolCreated: freeSlotsOfDeadConnections,
    },
  });
}
