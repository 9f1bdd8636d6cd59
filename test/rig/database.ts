import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export type TestDatabase = { url: string; drop(): Promise<void> };

/** A database of its own: a clone of the migrated template, or empty. */
export async function createDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asOwner(server, `create database ${name} template ${options.empty ? 'template1' : 'template_billgraph'}`);
  return {
    url: urlOf(server, name),
    drop: async () => void (await asOwner(server, `drop database ${name} with (force)`)),
  };
}

/** The same server, another database. */
export function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs a statement as the owner of all: what the server itself may not do. */
export async function asOwner<Row = any>(url: string, sql: string, values?: unknown[]): Promise<Row[]> {
  const owner = new pg.Client(url);
  await owner.connect();
  try {
    return (await owner.query(sql, values)).rows;
  } finally {
    await owner.end();
  }
}
