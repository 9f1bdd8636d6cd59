import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts';
import { migrate } from '../../src/database/migrate.ts';
import { urlOf } from './database.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A superuser's URL of the run's PostgreSQL; its database `template_billgraph` is migrated. */
    postgresUrl: string;
    /** Where the first test file that needs it builds the server: see built-server.ts. */
    buildDirectory: string;
  }
}

/** One PostgreSQL for the whole run. Each test file clones its databases from the template (see database.ts). */
export default async function setup(project: TestProject) {
  const directory = await mkdtemp(join(tmpdir(), 'billgraph-test-'));
  const postgres = await startEmbeddedPostgres(directory, { durable: false });
  await migrateTemplate(postgres.url);
  project.provide('postgresUrl', postgres.url);
  // Among the project's files: whose packages they are is found there.
  const buildDirectory = join(import.meta.dirname, '../../dist', `test-${process.pid}`);
  await mkdir(dirname(buildDirectory), { recursive: true });
  project.provide('buildDirectory', buildDirectory);
  return async () => {
    await rm(buildDirectory, { recursive: true, force: true });
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  };
}

async function migrateTemplate(url: string) {
  const admin = new pg.Client(url);
  await admin.connect();
  await admin.query('create database template_billgraph');
  await admin.end();
  await migrate(urlOf(url, 'template_billgraph'));
}
