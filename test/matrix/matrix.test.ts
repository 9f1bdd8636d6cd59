import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingScopes } from '../../src/identity/access/scopes.ts';
import { type Answer, ask } from '../rig/graph.ts';
import { askOnce } from '../rig/stream.ts';
import { type CanaryValues, canaryValues, foreignValues, type Reach, tablesOf } from './canary-values.ts';
import { documentOf, type RootField, rootFields } from './documents.ts';
import { type Asker, createAskers, startApp } from './principals.ts';
import { type Entry, entries } from './root-fields.ts';
import { createWorld, nowhere, type Side, sharedRows, type World } from './world.ts';

/** Every root field × whoever may ask × two teams × two environments. What is expected follows from the published guards. */

let app: Awaited<ReturnType<typeof startApp>>;
let world: World;
let askers: Awaited<ReturnType<typeof createAskers>>;
let values: CanaryValues;
let before: Awaited<ReturnType<typeof tablesOf>>;
/** What asking alone may write: when a key was used, sessions, the calls under way, and that a replay found nothing; and what is merged by time. */
const restless = [
  'api_key',
  'api_key_usage',
  'operator_session',
  'operator_rate_limit',
  'operation',
  'lane',
  'stripe_budget',
  'audit_entry',
  'customer_change',
];
beforeAll(async () => {
  app = await startApp();
  world = await createWorld(app.url);
  askers = await createAskers(world, app);
  for (const field of rootFields) await askers.keysFor(needsOf(field));
  values = await canaryValues(world);
  before = await tablesOf(world.billgraph.databaseUrl);
});
afterAll(async () => {
  await world?.billgraph.close();
  app.server.close();
});

const nameOf = ({ operation, name }: RootField) => `${operation} ${name}`;
const codesOf = ({ errors = [] }: Answer) => errors.map(({ extensions }) => extensions.code);

const put = (field: RootField, { credential, headers }: Asker, args: object, deep = false): Promise<Answer> => {
  const send = field.operation === 'subscription' ? askOnce : ask;
  return send(world.billgraph, credential, documentOf(field, args, deep), args as Record<string, unknown>, headers);
};

/** What is needed of who asks: the published guard, and for `node` what the row needs. */
const needsOf = (field: RootField) => entries[nameOf(field)]?.needs ?? field.needs;

/** What the guard says to who asks: null lets him pass. */
function refusalOf(field: RootField, { scopes, invalid, inNoTeam }: Asker): string | null {
  if (invalid) return 'UNAUTHENTICATED';
  const needs = needsOf(field);
  if (!needs) return null;
  if (inNoTeam) return 'FORBIDDEN';
  if (!scopes) return 'UNAUTHENTICATED';
  return missingScopes(needs, scopes).length ? 'FORBIDDEN' : null;
}

/** Three ask at once: each waits for PostgreSQL two fifths of the time. */
async function forEachAsker(all: Asker[], work: (asker: Asker) => Promise<void>): Promise<void> {
  const left = all.values();
  const askInTurn = async () => {
    for (const asker of left) await work(asker);
  };
  await Promise.all([askInTurn(), askInTurn(), askInTurn()]);
}

const foreignTo = new Map<string, string[]>();

/** An answer holds nothing that is not the asker's to see. */
function expectNothingForeign(answer: Answer, asker: Asker, { reach }: Entry) {
  const text = JSON.stringify([answer.data, answer.errors]);
  const within: Reach = asker.customerId ? 'customer' : reach;
  const nobodys = !asker.scopes;
  const who = `${nobodys} ${within} ${Object.values(asker.side.rows).join()} ${asker.customerId}`;
  const foreign =
    foreignTo.get(who) ?? (nobodys ? [...values.keys()] : foreignValues(values, asker.side, within, asker.customerId));
  foreignTo.set(who, foreign);
  const told = foreign.filter((value) => text.includes(value));
  expect(told.length ? [asker.name, told, text] : []).toEqual([]);
}

it('knows every root field, and none that is not there', () => {
  expect(Object.keys(entries).sort()).toEqual(rootFields.map(nameOf).sort());
});

it('has values of every side to look for', () => {
  for (const { project, environment, rows } of world.sides) {
    const of = values.get(rows.customerId);
    expect([...(of ?? [])].some((owner) => owner.startsWith(`${project}/${environment}`))).toBe(true);
  }
  expect(values.size).toBeGreaterThan(300);
});

describe.each(rootFields.map((field) => [nameOf(field), field] as const))('%s', (name, field) => {
  const entry = () => entries[name]!;
  const everybody = async () => [...askers.always, ...(await askers.keysFor(needsOf(field)))];

  it('answers whom its guard lets pass, and nobody else', async () => {
    const wrong: string[] = [];
    await forEachAsker(await everybody(), async (asker) => {
      const expected = refusalOf(field, asker);
      const [args] = entry().asks(asker.side, asker.side) as [{ input?: object }];
      // Who may is refused because of the key, behind the guard: nothing shall be done here.
      const passes = field.operation === 'mutation' && !expected;
      const asked = passes ? { ...args, input: { ...args.input, idempotencyKey: '' } } : args;
      const answer = await put(field, asker, asked);
      const beyond = entry().reach === 'connection' && field.operation === 'query' && !asker.wholeTeam;
      const silent = entry().asksStripe && asker.side.environment === 'LIVE' ? ['STRIPE_ERROR'] : [];
      const wanted = expected ? [expected] : passes ? ['BAD_USER_INPUT'] : beyond ? ['FORBIDDEN'] : silent;
      const scopeNamed = answer.errors?.some(({ extensions }) => extensions.missingScopes) ?? false;
      const namesScope = expected === 'FORBIDDEN' && !asker.inNoTeam;
      if (JSON.stringify(codesOf(answer)) !== JSON.stringify(wanted) || scopeNamed !== namesScope)
        wrong.push(`${asker.name}: ${JSON.stringify(answer.errors)} instead of ${wanted}`);
      if (expected && answer.data?.[field.name] != null) wrong.push(`${asker.name}: an answer`);
      expectNothingForeign(answer, asker, entry());
    });
    expect(wrong).toEqual([]);
  });

  it('answers nothing of another tenant, environment or customer, and tells none from what is not there', async () => {
    await forEachAsker(await everybody(), async (asker) => {
      if (refusalOf(field, asker)) return;
      if (field.operation !== 'mutation')
        for (const args of entry().asks(asker.side, asker.side)) {
          const answer = await put(field, asker, args, true);
          expect(answer.status, JSON.stringify(answer.errors)).toBe(200);
          expectNothingForeign(answer, asker, entry());
        }
      if (entry().namesNothing) return;
      const beyond = world.sides.filter((side) => isBeyond(entry(), asker, side));
      // Which rows two sides share makes the question: the same is asked of what is not there once.
      for (const others of Map.groupBy(beyond, (other) => sharedRows(asker.side, other).join()).values()) {
        const absent = await outcomes(field, asker, nowhere(asker.side, others[0]!));
        for (const other of others) {
          const who = [asker.name, other.project, other.environment];
          expect([...who, await outcomes(field, asker, other)]).toEqual([...who, absent]);
        }
      }
    });
  });

  /** What each question of the entry comes to, where the rows of `other` are named. */
  async function outcomes(field: RootField, asker: Asker, other: Side): Promise<string[]> {
    const found: string[] = [];
    const own = entry().asks(asker.side, asker.side);
    for (const [index, args] of entry().asks(asker.side, other).entries()) {
      // All that it names is the caller's own: a project has both environments.
      if (JSON.stringify(args) === JSON.stringify(own[index])) continue;
      const answer = await put(field, asker, args);
      expectNothingForeign(answer, asker, entry());
      const errors = answer.errors?.map(
        ({ message, path, extensions: { requestId: _, stripeRequestId: __, ...rest } }) => ({
          message,
          path,
          rest,
        }),
      );
      found.push(JSON.stringify([answer.data, errors]));
    }
    return found;
  }
});

function isBeyond({ reach }: Entry, { side }: Asker, other: Side): boolean {
  if (other.team !== side.team) return true;
  if (reach === 'team') return false;
  if (reach === 'project') return other.project !== side.project || other.environment !== side.environment;
  // Of the other environment, since the projects themselves are the whole team's.
  return other.project === side.project && other.environment !== side.environment;
}

it('has changed no row: who was let pass was refused behind the guard, and so was who named the rows of others', async () => {
  const now = await tablesOf(world.billgraph.databaseUrl);
  expect(now.size).toBeGreaterThan(20);
  for (const [table, rows] of before)
    if (!restless.includes(table)) expect([table, now.get(table)]).toEqual([table, rows]);
});
