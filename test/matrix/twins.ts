import { asOwner } from '../rig/database.ts';

/** Ids of ours and of Stripe's, and what the world calls its customers. */
const known =
  /\b(?:(p(?!rj)[a-z]{1,2}|plan|inv|il|ipy|be|bf|bff|drift|mer|oep|msg|odl|fea|fgr|fxr|met|ue|ufw|rsv|rco|ref|rew|led|rpo|rmv)_([0-9a-v]{26})|(cus|sub|si|prod|price|in|il|pi|ch|pm|evt|cs_test|seti|txn|re|dp|we|req|ext|txi|inpay|mtr_test)_([0-9A-Za-z]{8,}))(?![0-9A-Za-z])/g;

const reversed = (text: string) => [...text].reverse().join('');

/** The same text of a row that is nobody else's: its ids are other ids of the same kind. */
export const twinOf = (text: string) =>
  text
    .replace(known, (_, ours, digits, theirs, rest) => `${ours ?? theirs}_${reversed(digits ?? rest)}`)
    .replaceAll('@example.com', '@live.example.com');

/**
 * Gives every row of a connection's side a twin in LIVE, which the sandbox has none of: it refuses live keys. So what can be
 * proved of LIVE is what is read and what is refused.
 */
export async function makeLiveTwins(
  databaseUrl: string,
  {
    testConnection,
    liveConnection,
    projectIds,
  }: Record<'testConnection' | 'liveConnection', string> & { projectIds: string[] },
): Promise<void> {
  const statements: string[] = [];
  for (const { table, columns } of await sideTables(databaseUrl)) {
    const where = columns.includes('connection_id')
      ? `connection_id = '${testConnection}'`
      : `environment = 'TEST' and project_id in (${projectIds.map((id) => `'${id}'`).join()})`;
    const rows = await asOwner(databaseUrl, `select to_jsonb(t)::text as row from "${table}" t where ${where}`);
    const named = columns.filter((column) => column !== 'seq').map((column) => `"${column}"`);
    for (const { row } of rows) {
      const twin = twinOf(row).replaceAll(testConnection, liveConnection);
      const values = { ...JSON.parse(twin), ...(columns.includes('environment') ? { environment: 'LIVE' } : {}) };
      const json = JSON.stringify(values).replaceAll("'", "''");
      statements.push(
        `insert into "${table}" (${named}) select ${named} from jsonb_populate_record(null::"${table}", '${json}')`,
      );
    }
  }
  await asOwner(databaseUrl, ['set session_replication_role = replica', ...statements].join(';'));
}

/** Every table whose rows are of a connection, or of a project in an environment. */
async function sideTables(databaseUrl: string): Promise<{ table: string; columns: string[] }[]> {
  const tables = await asOwner<{ table: string; columns: string[] }>(
    databaseUrl,
    `select table_name as table, json_agg(column_name::text) as columns from information_schema.columns
     join information_schema.tables using (table_schema, table_name)
     where table_schema = 'public' and is_generated = 'NEVER' and table_type = 'BASE TABLE' group by 1`,
  );
  const others = ['audit_entry', 'operation', 'stripe_budget', 'stripe_connection'];
  return tables.filter(
    ({ table, columns }) =>
      !others.includes(table) &&
      (columns.includes('connection_id') || (columns.includes('project_id') && columns.includes('environment'))),
  );
}
