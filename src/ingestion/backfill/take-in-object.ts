import { isDatabaseTrouble, sqlStateOf } from '../../database/sql-state.ts';
import { TryLater } from '../../lanes/lane-kind.ts';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import { isStripeTrouble } from '../../stripe/stripe-trouble.ts';
import { type Listed, type Listing, listings, type Section } from '../listings/backfill-objects.ts';
import type { Mirror, WriteOutcome } from '../mirror/create-mirror.ts';
import { hasCutOffList } from '../mirror/newest-snapshot.ts';
import type { Seen } from '../mirror/seen.ts';
import { type Assignment, projectFor } from './assignment.ts';

export type TakenIn = 'applied' | 'skipped' | { failed: string };

type Tools = { mirror: Mirror; connection: OpenConnection };

type Page = {
  section: Section;
  assign: Assignment;
  /** The second of Stripe's clock before the list was asked for; 0 where it is unknown. */
  askedAt: number;
  at: number;
  /** Whether an object may wait for Stripe or the database to be well again, or has waited long enough. */
  mayWait: boolean;
};

/**
 * Brings a listed object to our row. The list is evidence like a fetch; but nobody looked at our row before it was asked
 * for, so that it replaces only a row whose evidence is older than the question. Elsewhere the object is fetched.
 * @throws where the fault is Stripe's or the database's, and the object may wait.
 */
export async function takeInObject(tools: Tools, page: Page, object: Listed): Promise<TakenIn> {
  try {
    const outcome = await bring(tools, page, object).catch((failure) => {
      // A lane inserted the same row first (unique_violation): that one is looked at.
      if (sqlStateOf(failure) === '23505') return bring(tools, page, object);
      throw failure;
    });
    return outcome === 'applied' || outcome === 'overtaken' ? 'applied' : 'skipped';
  } catch (failure) {
    if (page.mayWait && isSomebodyElses(failure)) throw failure;
    return { failed: failure instanceof Error ? failure.message : String(failure) };
  }
}

async function bring(tools: Tools, page: Page, object: Listed): Promise<WriteOutcome> {
  const { mirror, connection } = tools;
  const listing = listings[page.section.object];
  const { type } = listing;
  const projectHint = projectFor(page.assign, object.metadata);
  const write = (seen: Seen<unknown>) => mirror.write({ connection, type, seen, round: null });
  const look = async () => write(await mirror.look({ connection, type, id: object.id, since: 0, projectHint }));
  const take = async () => {
    if (hasCutOffList(object)) return look();
    const mayReplace = (known: number) => known < Math.max(1, page.askedAt);
    const outcome = await write({ id: object.id, object, evidence: page.at, mayReplace, projectHint });
    return outcome === 'overtaken' ? look() : outcome;
  };
  const outcome = await take();
  return outcome === 'unrouted' && (await bringOwner(tools, page, listing, object)) ? take() : outcome;
}

/** Takes in what the object belongs to, where the rule has a project for it. */
async function bringOwner({ mirror, connection }: Tools, { assign }: Page, { ownerOf }: Listing, object: Listed) {
  const owner = ownerOf?.(object);
  if (!owner) return false;
  const seen = (await mirror.look({ connection, ...owner, since: 0 })) as Seen<Listed>;
  const projectHint = seen.object && projectFor(assign, seen.object.metadata);
  if (!projectHint) return false;
  const round = null;
  return (await mirror.write({ connection, type: owner.type, seen: { ...seen, projectHint }, round })) === 'applied';
}

function isSomebodyElses(failure: unknown): boolean {
  if (failure instanceof TryLater) return isStripeTrouble(failure.cause);
  return isStripeTrouble(failure) || isDatabaseTrouble(failure);
}
