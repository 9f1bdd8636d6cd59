import { afterAll, beforeAll, expect, it } from 'vitest';
import { appendOnly } from '../../src/database/secure-tables.ts';
import { views } from '../../src/database/views.ts';
import { asOwner, createDatabase, type TestDatabase } from '../rig/database.ts';

/** Tables that every connection of ours may read and write without a policy, and why. */
const exceptions: Record<string, string> = {
  migration: 'the history of the tables; the server may only read it',
  lane: 'work to do, by keys that name rows and tell nothing of them; requests wake lanes',
};

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const sql = (text: string) => asOwner(database.url, text);

it('stands on every table', async () => {
  const bare = await sql(`
    select relname as name, string_agg(attname, ', ') filter (where attname in
      ('project_id', 'team_id', 'connection_id', 'customer_id', 'subscription_id')) as tenant
    from pg_class join pg_attribute on attrelid = pg_class.oid
    where relnamespace = 'public'::regnamespace and relkind = 'r'
      and not (relrowsecurity and exists (select from pg_policy where polrelid = pg_class.oid))
    group by relname order by relname`);
  const faults = bare
    .filter(({ name }) => !(name in exceptions))
    .map(
      ({ name, tenant }) =>
        `${name} (${tenant ?? 'no tenant columns'}) has no policy. In its defineEntity say \`policies: …\` with a function of ` +
        'src/tenancy/teams/policies.ts: rowsOfCustomers() where it has customer_id, rowsOfProjects() where it has project_id, ' +
        'rowsForEveryone() where customers may see all rows of the project, rowsOfConnections(), rowsOfTeams(), ' +
        'rowsThrough(table, column) where it belongs to a row of another table, rowsOfInstallation() where no request reads it. ' +
        'Then `npm run migration -- what-changes`.',
    );
  expect(faults).toEqual([]);
});

it('has no exception that is none', async () => {
  const bare = await sql(`select relname from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' and not relrowsecurity`);
  expect(bare.map(({ relname }) => relname).sort()).toEqual(Object.keys(exceptions).sort());
});

it('lists as append-only what there is', async () => {
  const rows = await sql(`select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`);
  const names = rows.map(({ relname }) => relname);
  expect(appendOnly.filter((table) => !names.includes(table))).toEqual([]);
});

it('holds through every view: who asks it is under the policies of its tables', async () => {
  const rows = await sql(`select relname, coalesce(reloptions::text, '') as options from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('v', 'm') order by relname`);
  expect(rows).toEqual(Object.keys(views).map((relname) => ({ relname, options: '{security_invoker=true}' })));
});
