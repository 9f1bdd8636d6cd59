import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from './embedded-postgres.ts';

/** Runs `use` with the URL of a new, empty PostgreSQL, which is gone afterwards. */
export async function withScratchDatabase<T>(use: (url: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'billgraph-scratch-'));
  const postgres = await startEmbeddedPostgres(directory, { durable: false });
  try {
    return await use(postgres.url);
  } finally {
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  }
}
