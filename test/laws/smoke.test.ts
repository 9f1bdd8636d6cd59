import pg from 'pg';
import { expect, inject, it } from 'vitest';

it('has a PostgreSQL', async () => {
  const client = new pg.Client(inject('postgresUrl'));
  await client.connect();
  expect((await client.query('select version()')).rows[0].version).toMatch(/PostgreSQL 18/);
  await client.end();
});
