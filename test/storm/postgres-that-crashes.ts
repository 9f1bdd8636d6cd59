import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts';

const run = promisify(execFile);

export type PostgresThatCrashes = {
  url: string;
  /** Restarts it as after a power cut: no session ends well. Resolves when it takes connections again, with that moment. */
  crash(): Promise<number>;
  /** Who waited for whom in each deadlock, by its log. */
  deadlocks(): Promise<string[]>;
  stop(): Promise<void>;
};

/** A PostgreSQL of its own, which keeps what was committed through every crash. */
export async function startPostgresThatCrashes(): Promise<PostgresThatCrashes> {
  const directory = await mkdtemp(join(tmpdir(), 'billgraph-storm-'));
  await chmod(directory, 0o755);
  const postgres = await startEmbeddedPostgres(directory, { durable: true });
  const data = join(directory, 'data');
  const [server] = (await readFile(join(data, 'postmaster.opts'), 'utf8')).split(' ');
  const { uid, gid } = await stat(data);
  const flags = ['restart', '-w', '-s', '-m', 'immediate', '-D', data, '-l', join(data, 'server.log')];
  return {
    url: postgres.url,
    async crash() {
      const since = await startOf(postgres.url);
      const restart = run(join(dirname(server!), 'pg_ctl'), flags, { uid, gid, cwd: '/', env: { LC_ALL: 'C' } });
      while ((await startOf(postgres.url).catch(() => since)) === since) await new Promise(setImmediate);
      const backAt = Date.now();
      await restart;
      return backAt;
    },
    async deadlocks() {
      const log = await readFile(join(data, 'server.log'), 'utf8');
      return log
        .split('deadlock detected')
        .slice(1)
        .map((rest) => rest.slice(0, 1_500));
    },
    async stop() {
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function startOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query('select pg_postmaster_start_time()::text as at');
    return rows[0].at;
  } finally {
    await client.end().catch(() => {});
  }
}
