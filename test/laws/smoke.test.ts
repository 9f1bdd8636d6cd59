import pg from 'pg';
import { expect, it } from 'vitest';
import { createDatabase } from '../rig/database.ts';

it('has a PostgreSQL', async () => {
  const database = await createDatabase();
  const client = new pg.Client(database.url);
  await client.connect();
  expect((await client.query('select count(*) from customer')).rows[0].count).toBe('0');
  await client.end();
  await database.drop();
});
