import { asOwner } from '../rig/database.ts';
import type { Side, World } from './world.ts';

/** Whose a value is: a team's `A`, a connection's `A/TEST`, a project's `A1/TEST`, one customer's `A1/TEST/pc_…`. */
type Owner = string;
export type CanaryValues = Map<string, Set<Owner>>;

/** How far an answer may reach: what it may hold of. */
export type Reach = 'customer' | 'project' | 'connection' | 'team';

type Row = Record<string, unknown>;

/** Every text in the database that says whose it is (ids, addresses, hashes, names with a number), with its owners. */
export async function canaryValues({ billgraph, sides }: Pick<World, 'billgraph' | 'sides'>): Promise<CanaryValues> {
  const tables = await tablesOf(billgraph.databaseUrl);
  const customers = new Map<unknown, unknown>();
  for (const row of [...tables.values()].flat()) if (row.id && row.customer_id) customers.set(row.id, row.customer_id);
  const operators = new Map((tables.get('team_member') ?? []).map((row) => [row.operator_id, row.team_id]));
  const values: CanaryValues = new Map();
  for (const [table, rows] of tables) {
    for (const row of rows) {
      const owner = ownerOf({ table, row, sides, customers, operators });
      if (owner)
        for (const text of textsIn(namesOut(table, row)))
          if (isTelling(text)) (values.get(text) ?? setIn(values, text)).add(owner);
    }
  }
  return values;
}

/** A referral is the project's here: both whom it names have a part in it, and neither is told who the other one is. */
const namesOut = (table: string, { referrer_id, referee_id, ...row }: Row): Row =>
  table === 'referral' ? row : { referrer_id, referee_id, ...row };

type Found = {
  table: string;
  row: Row;
  sides: Side[];
  customers: Map<unknown, unknown>;
  operators: Map<unknown, unknown>;
};

function ownerOf({ table, row, sides, customers, operators }: Found): Owner | null {
  const teamId =
    row.team_id ?? (table === 'team' ? row.id : operators.get(table === 'operator' ? row.id : row.operator_id));
  const ofTeam = sides.find((side) => side.teamId === teamId)?.team ?? null;
  if (ofTeam && table === 'stripe_connection') return `${ofTeam}/${row.environment}`;
  // A log is the whole team's, and so are its calls.
  if (ofTeam) return ofTeam;
  const side = sides.find(
    ({ projectId, environment }) => projectId === row.project_id && environment === row.environment,
  );
  const connection = sides.find(({ connectionId }) => connectionId === row.connection_id);
  if (!side) return connection ? `${connection.team}/${connection.environment}` : null;
  const parent = [row.subscription_id, row.invoice_id, row.payment_id, row.charge_id].find((id) => customers.has(id));
  const customer = table === 'customer' ? row.id : (row.customer_id ?? customers.get(parent));
  return `${side.project}/${side.environment}${customer ? `/${customer}` : ''}`;
}

/** What may not be in an answer: what none of those owns who may be read of. */
export function foreignValues(values: CanaryValues, side: Side, reach: Reach, customerId?: string | null): string[] {
  const { team, project, environment } = side;
  const here = `${project}/${environment}`;
  const isOwn = (owner: Owner) => {
    if (reach === 'customer') return owner === here || owner === `${here}/${customerId}`;
    if (reach === 'project') return owner === here || owner.startsWith(`${here}/`);
    if (reach === 'team') return owner.startsWith(team);
    return owner.startsWith(team) && owner.split('/')[1] === environment;
  };
  return [...values].filter(([, owners]) => ![...owners].some(isOwn)).map(([text]) => text);
}

/** The rows of every table, as JSON. */
export async function tablesOf(databaseUrl: string): Promise<Map<string, Row[]>> {
  const names = await asOwner(
    databaseUrl,
    `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
  );
  const union = names
    .map(({ name }) => `select '${name}' as name, to_jsonb(t) as row from "${name}" t`)
    .join(' union all ');
  const tables = new Map<string, Row[]>();
  for (const { name, row } of await asOwner(databaseUrl, union)) tables.set(name, [...(tables.get(name) ?? []), row]);
  return tables;
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** Neither a word of the code's own (`customer.created`) nor an instant. */
const isTelling = (text: string) =>
  text.length >= 10 && text.length < 200 && /\d/.test(text) && !/^\d{4}-\d\d-\d\d/.test(text) && !/^https?:/.test(text);

function setIn(values: CanaryValues, text: string): Set<Owner> {
  const owners = new Set<Owner>();
  values.set(text, owners);
  return owners;
}
