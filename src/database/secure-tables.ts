import type pg from 'pg';
import { sqlStateOf } from './sql-state.ts';
import { views } from './views.ts';

/** The role that the server works as: neither the tables' owner nor a superuser, so that policies and rights hold. */
export const serverRole = 'billgraph_server';

/** Tables whose rows the server may add and read, but neither change nor delete. To prune them is the owner's right alone. */
export const appendOnly: readonly string[] = ['audit_entry', 'billing_event', 'ledger_entry', 'revenue_movement'];

/**
 * How policies are made to hold: the server takes a role that owns nothing; or its login owns nothing, and another one migrates; or,
 * where its login may not have a role, the owner is put under the policies too, and takes the rights on append-only tables from itself.
 */
export type RowSecurity = { role: typeof serverRole | null; bound: 'role' | 'login' | 'owner' };

/** Whom the server logs in as, where that is not the owner. */
export type ServerLogin = { name: string; password: string };

const triesForRole = 5;

/** What PostgreSQL answers where another database of the cluster makes the same role at this moment. */
const madeMeanwhile = ['42710', '23505', 'XX000'];

const notAllowed = '42501';

/**
 * Gives the server the rights that it needs on the tables, and no others. Run by the owner, after the migrations, by one process
 * at a time; nothing is written where all is well.
 * @param login of the server, where it is another one than the owner's. It is made where the owner may make it.
 */
export async function secureTables(client: pg.Client, tables: string[], login?: ServerLogin): Promise<RowSecurity> {
  if (login) await ensureLogin(client, login);
  const role = !login && (await takeRole(client)) ? serverRole : null;
  const grantee = login?.name ?? role;
  await forceRowSecurity(client, grantee === null);
  await grantOnTables(client, grantee, tables);
  if (grantee) await grantBesideTables(client, grantee);
  return { role, bound: login ? 'login' : role ? 'role' : 'owner' };
}

async function ensureLogin(client: pg.Client, { name, password }: ServerLogin): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name]);
  if (rowCount) return;
  const create = `create role ${client.escapeIdentifier(name)} login`;
  try {
    await client.query(`${create} password ${client.escapeLiteral(password)}`);
  } catch (failure) {
    const state = sqlStateOf(failure) ?? '';
    if (madeMeanwhile.includes(state)) return;
    if (state !== notAllowed) throw failure;
    throw new Error(
      `There is no login ${name}, and that of DATABASE_MIGRATION_URL may not make it. Run \`${create} password '…'\`.`,
    );
  }
}

/** @returns whether the login may take the role, which is made where it may make roles. All databases of a cluster share it. */
async function takeRole(client: pg.Client): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    try {
      const { rowCount } = await client.query('select from pg_roles where rolname = $1', [serverRole]);
      if (rowCount && (await maySetRole(client))) return true;
      if (!rowCount) await client.query(`create role ${serverRole} nologin`);
      await client.query(`grant ${serverRole} to current_user`);
    } catch (failure) {
      const state = sqlStateOf(failure) ?? '';
      if (state === notAllowed) return false;
      if (!madeMeanwhile.includes(state) || tries === triesForRole) throw failure;
    }
    if (tries === triesForRole) return false;
  }
}

async function maySetRole(client: pg.Client): Promise<boolean> {
  try {
    await client.query(`set role ${serverRole}; reset role`);
    return true;
  } catch (failure) {
    if (sqlStateOf(failure) === notAllowed) return false;
    throw failure;
  }
}

/** An owner is exempt from policies unless they are forced on it. Where the server is not the owner, dumps need the exemption. */
async function forceRowSecurity(client: pg.Client, forced: boolean): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class
     where relnamespace = current_schema()::regnamespace and relrowsecurity and relforcerowsecurity <> $1`,
    [forced],
  );
  for (const { name } of rows) await client.query(`alter table ${name} ${forced ? '' : 'no '}force row level security`);
}

/** Sets what `role` may do with each table; without a role, what the owner may do with those that are append-only. */
async function grantOnTables(client: pg.Client, role: string | null, tables: string[]): Promise<void> {
  const { rows } = await client.query<{ name: string; relname: string; held: string[] }>(
    `select c.oid::regclass::text as name, relname,
       array(select p from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p
             where has_table_privilege(coalesce($2, current_user::text), c.oid, p)) as held
     from pg_class c
     where relnamespace = current_schema()::regnamespace and relkind in ('r', 'v') and relname = any ($1)`,
    [role ? tables : appendOnly, role],
  );
  for (const { name, relname, held } of rows) {
    const wanted = rightsOn(relname);
    const missing = wanted.filter((right) => !held.includes(right));
    const excess = held.filter((right) => !wanted.includes(right));
    const grantee = role ? client.escapeIdentifier(role) : 'current_user';
    if (missing.length) await client.query(`grant ${missing.join(', ')} on ${name} to ${grantee}`);
    if (excess.length) await client.query(`revoke ${excess.join(', ')} on ${name} from ${grantee}`);
  }
}

function rightsOn(table: string): string[] {
  if (table === migrations || table in views) return ['SELECT'];
  return appendOnly.includes(table) ? ['SELECT', 'INSERT'] : ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];
}

/** Where the history of the tables is kept: the server reads whether it is behind. */
export const migrations = 'migration';

async function grantBesideTables(client: pg.Client, role: string): Promise<void> {
  const { rows } = await client.query<{ kind: string; name: string }>(
    `select 'schema' as kind, quote_ident(current_schema()) as name
       where not has_schema_privilege($1, current_schema(), 'USAGE')
     union all
     select 'sequence', seqrelid::regclass::text from pg_sequence join pg_class on oid = seqrelid
       where relnamespace = current_schema()::regnamespace and not has_sequence_privilege($1, seqrelid, 'USAGE')`,
    [role],
  );
  for (const { kind, name } of rows)
    await client.query(`grant usage on ${kind} ${name} to ${client.escapeIdentifier(role)}`);
}
