import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts';
import { statement } from './database.ts';

/**
 * Owns a PostgreSQL that keeps its promises (fsync) and remembers when each transaction was committed. However its parent ends,
 * by a signal or a kill, PostgreSQL is stopped and its data are removed.
 */
const over = new Promise<void>((resolve) => {
  process.once('disconnect', resolve);
  process.once('SIGTERM', () => resolve());
  // A terminal sends it to the whole group: the parent's end is what counts.
  process.on('SIGINT', () => {});
});
const directory = await mkdtemp(join(tmpdir(), 'billgraph-bench-'));
try {
  await chmod(directory, 0o755);
  const first = await startEmbeddedPostgres(directory, { durable: true });
  await statement(first.url, 'alter system set track_commit_timestamp = on').finally(() => first.stop());
  const postgres = await startEmbeddedPostgres(directory, { durable: true });
  try {
    if (process.connected) process.send!({ url: postgres.url });
    await over;
  } finally {
    await postgres.stop();
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
process.exit();
