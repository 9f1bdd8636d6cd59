import type { ClientBase, Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingScopes } from '../../src/identity/access/scopes.ts';
import { startAnother } from '../rig/billgraph.ts';
import { ask } from '../rig/graph.ts';
import { type CanaryValues, canaryValues, foreignValues } from './canary-values.ts';
import { documentOf, type RootField, rootFields } from './documents.ts';
import { type Asker, createAskers, startApp } from './principals.ts';
import { entries } from './root-fields.ts';
import { createWorld, type World } from './world.ts';

/** Three servers on one database: with both walls, by row-level security alone, and by the statements' conditions alone. */

let app: Awaited<ReturnType<typeof startApp>>;
let world: World;
let askers: Asker[];
let values: CanaryValues;
let rlsAlone: Awaited<ReturnType<typeof startAnother>>;
let conditionsAlone: Awaited<ReturnType<typeof startAnother>>;
const stripped = { reader: 0, rows: 0 };
beforeAll(async () => {
  app = await startApp();
  world = await createWorld(app.url);
  askers = (await createAskers(world, app)).always.filter(({ scopes }) => scopes);
  values = await canaryValues(world);
  const { billgraph, encryptionKeys } = world;
  // What making the world cost is written now, and not between two answers.
  await billgraph.app.usage.flush();
  const same = { encryptionKeys, allowPrivateAddresses: true };
  rlsAlone = await startAnother(billgraph, same);
  conditionsAlone = await startAnother(billgraph, { ...same, rowLevelSecurity: false });
  await withoutConditions(await rlsAlone.app.requests.orm.em.getConnection().getNativeClient());
});
afterAll(async () => {
  await rlsAlone?.close();
  await conditionsAlone?.close();
  await world?.billgraph.close();
  app.server.close();
});

/** What says how an answer was asked, and not what it says. */
const passing = /"(requestId|lagSeconds|lagMilliseconds|lastUsedAt|stripeRequestId|at|asOf)":("[^"]*"|[\d.]+|null)/g;

async function answerOf({ url }: { url: string }, field: RootField, asker: Asker, args: object): Promise<string> {
  const document = documentOf(field, args, true);
  const { data, errors } = await ask(
    { url },
    asker.credential,
    document,
    args as Record<string, unknown>,
    asker.headers,
  );
  return JSON.stringify({ data, errors }).replaceAll(passing, '"$1":…');
}

describe.each(rootFields.filter(({ operation }) => operation === 'query').map((field) => [field.name, field] as const))(
  '%s',
  (name, field) => {
    const entry = entries[`query ${name}`]!;
    const may = ({ scopes }: Asker) => !missingScopes(field.needs ?? [[]], scopes!).length;

    it('answers the same behind either wall alone, and nothing of others', { timeout: 120_000 }, async () => {
      for (const asker of onePerPlace(askers.filter(may))) {
        const reach = asker.customerId ? 'customer' : entry.reach;
        const foreign = foreignValues(values, asker.side, reach, asker.customerId);
        const asks = world.sides.flatMap((other) => entry.asks(asker.side, other)).filter(isWhole);
        for (const args of new Map(asks.map((one) => [JSON.stringify(one), one])).values()) {
          const both = await answerOf(world.billgraph, field, asker, args);
          for (const server of [rlsAlone, conditionsAlone]) {
            const alone = await answerOf(server, field, asker, args);
            expect([asker.name, args, alone]).toEqual([asker.name, args, both]);
            expect(foreign.filter((value) => alone.includes(value))).toEqual([]);
          }
        }
      }
    });
  },
);

/** What a scope or role lets pass is the matrix's question. Behind it, a wall knows no more of who asks than this. */
function onePerPlace(askers: Asker[]): Asker[] {
  const placeOf = ({ side, customerId, wholeTeam, headers }: Asker) =>
    JSON.stringify([side.project, side.environment, customerId, wholeTeam, 'cookie' in headers]);
  return [...new Map(askers.toReversed().map((asker) => [placeOf(asker), asker])).values()];
}

it('took the conditions out of the statements of both, of the reader and of rows', () => {
  expect(stripped.reader).toBeGreaterThan(100);
  expect(stripped.rows).toBeGreaterThan(100);
});

/** A filter by customer reads like the wall's own condition, and would be taken out with it: the matrix asks it behind both walls. */
function isWhole(args: { filter?: { customerId?: string }; customer?: { id?: string } }): boolean {
  return args.filter?.customerId === undefined && args.customer?.id === undefined;
}

/** A team has its connections of both environments: which of them is asked for is no wall, and either could come first without it. */
const isChoice = (text: string, column: string) => column === 'environment' && / from "stripe_connection"/.test(text);

/** Takes the tenant out of every question of a request's connections: each of its comparisons becomes true. */
async function withoutConditions(pool: Pool): Promise<void> {
  const openly = (text: string, kind: 'reader' | 'rows') => {
    if (!/^\s*select/i.test(text)) return text;
    const open = text.replaceAll(
      /(?:\w+\.|"\w+"\.)?"(project_id|environment|team_id|connection_id|customer_id)" = (\$\d+|'[^']*')/g,
      (condition, column, value) => (isChoice(text, column) ? condition : `${value}::text is not null`),
    );
    if (open !== text) stripped[kind] += 1;
    return open;
  };
  const query = pool.query.bind(pool) as (statement: { text: string }) => unknown;
  pool.query = ((statement: { text: string }) => {
    statement.text = openly(statement.text, 'reader');
    return query(statement);
  }) as typeof pool.query;
  const seen = new WeakSet<ClientBase>();
  const connect = pool.connect.bind(pool) as () => Promise<ClientBase>;
  const opened = async () => {
    const client = await connect();
    if (seen.has(client)) return client;
    seen.add(client);
    const ask = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((first: unknown, ...rest: unknown[]) => {
      if (typeof first === 'string') return ask(openly(first, 'rows'), ...rest);
      const statement = first as { text?: string };
      if (typeof statement.text === 'string') statement.text = openly(statement.text, 'rows');
      return ask(statement, ...rest);
    }) as typeof client.query;
    return client;
  };
  // The pool's own `query` connects with a callback.
  pool.connect = ((callback?: unknown) =>
    callback ? (connect as unknown as (callback: unknown) => unknown)(callback) : opened()) as typeof pool.connect;
}
