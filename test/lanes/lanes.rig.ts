import type { MikroORM } from '@mikro-orm/postgresql';
import { openOrm } from '../../src/database/open-orm.ts';
import type { LaneKinds } from '../../src/lanes/lane-kind.ts';
import { startWorker, type Worker } from '../../src/lanes/start-worker.ts';
import { wakeLanes } from '../../src/lanes/wake-lanes.ts';
import { createLog } from '../../src/log.ts';
import { createDatabase } from '../rig/database.ts';

export type LaneRow = {
  key: string;
  gen: string;
  due: boolean;
  dead: boolean;
  owner: number | null;
  attempts: number;
  last_error: string | null;
};

/** A database with lanes, and as many workers on it as a test starts. */
export async function openLanes(options: { poolSize?: number } = {}) {
  const database = await createDatabase();
  const orm = openOrm(database.url, { poolSize: options.poolSize ?? 5 });
  const workers: Worker[] = [];
  const logged: string[] = [];
  const rows = async <Row>(sql: string, values: unknown[] = []): Promise<Row[]> =>
    (await (await orm.em.getConnection().getNativeClient()).query(sql, values)).rows;

  return {
    url: database.url,
    orm,
    logged,
    rows,
    wake: (keys: string[], runAt?: Date) => wakeLanes(orm.em.fork(), keys, runAt),
    lane: async (key: string): Promise<LaneRow | undefined> =>
      (
        await rows<LaneRow>("select *, run_at <= now() as due, run_at = 'infinity' as dead from lane where key = $1", [
          key,
        ])
      )[0],
    async start(kinds: LaneKinds, on: MikroORM = orm): Promise<Worker> {
      const log = createLog('info', (line) => logged.push(line));
      const worker = await startWorker({ orm: on, databaseUrl: database.url, log, kinds });
      workers.push(worker);
      return worker;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.stop()));
      await orm.close();
      await database.drop();
    },
  };
}

export type Lanes = Awaited<ReturnType<typeof openLanes>>;
