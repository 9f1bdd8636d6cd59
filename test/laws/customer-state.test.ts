import { afterAll, beforeAll, expect, it } from 'vitest';
import { asOwner, createDatabase, type TestDatabase } from '../rig/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** Of a mirror, how fresh it is says nothing of the state. */
const silent = ['evidence'];

it('every column of what the state of a customer is made of counts as a change', async () => {
  const watched = await asOwner<{ table: string; compares: string; columns: string[] }>(
    database.url,
    `select relname as table, prosrc as compares, array(select attname::text from pg_attribute
       where attrelid = c.oid and attnum > 0 and not attisdropped) as columns
     from pg_trigger t join pg_class c on c.oid = tgrelid join pg_proc p on p.oid = tgfoid where tgname = 'state_update'`,
  );
  expect(watched.length).toBeGreaterThan(10);
  const faults = watched.flatMap(({ table, compares, columns }) =>
    columns
      .filter((column) => !silent.includes(column) && !new RegExp(`o\\."?${column}"?\\b`).test(compares))
      .map((column) => `${table}.${column}: call watch_customer_state() again in the migration that adds it`),
  );
  expect(faults).toEqual([]);
});
