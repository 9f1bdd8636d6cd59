import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A superuser's URL of the run's PostgreSQL; its database `template_billgraph` is migrated. */
    postgresUrl: string;
  }
}

/** One PostgreSQL for the whole run. Each test file clones its databases from it (see database.ts). */
export default async function setup(project: TestProject) {
  const directory = await mkdtemp(join(tmpdir(), 'billgraph-test-'));
  const postgres = await startEmbeddedPostgres(directory, { durable: false });
  project.provide('postgresUrl', postgres.url);
  return async () => {
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  };
}
