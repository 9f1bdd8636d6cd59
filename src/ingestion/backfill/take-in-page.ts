import { LRUCache } from 'lru-cache';
import type { ClaimedLane } from '../../lanes/lane-kind.ts';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import type { BackfillObject } from '../listings/backfill-objects.ts';
import { readListedPage } from '../listings/read-listed-page.ts';
import type { Mirror } from '../mirror/create-mirror.ts';
import type { Backfill, Tally } from './backfill.entity.ts';
import { type TakenIn, takeInObject } from './take-in-object.ts';

/** What a page changes: of the backfill's row, and the objects of it that could not be brought. */
export type Progress = {
  patch: Partial<Pick<Backfill, 'sections' | 'section' | 'cursor' | 'tallies' | 'state' | 'finishedAt'>>;
  failures: { object: BackfillObject; stripeId: string; reason: string }[];
};

/** How often a page is tried again, about half a minute, before an object that Stripe fails to answer is given up. */
const patientAttempts = 10;

/** Takes in a backfill's next page, and says what is to be recorded of it. It may be repeated without harm. */
export function createPageTaker({ mirror }: { mirror: Mirror }) {
  /** By backfill: the second of Stripe's clock that its last answer carried, which is before the next question. */
  const lastAnswers = new LRUCache<string, number>({ max: 1_000 });

  return async (connection: OpenConnection, backfill: Backfill, { attempts }: ClaimedLane): Promise<Progress> => {
    const section = backfill.sections![backfill.section];
    if (!section) return end();
    const askedAt = lastAnswers.get(backfill.id) ?? 0;
    const { answers, cursor } = await readListedPage(connection.stripe, section, backfill);
    lastAnswers.set(backfill.id, Math.max(askedAt, ...answers.map(({ at }) => at)));

    const common = { section, assign: backfill.assign, askedAt, mayWait: attempts < patientAttempts };
    const objects = answers.flatMap(({ objects }) => objects);
    const settled = await Promise.allSettled(
      answers.flatMap(({ objects, at }) =>
        objects.map((one) => takeInObject({ mirror, connection }, { ...common, at }, one)),
      ),
    );
    const taken = settled.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    });
    const failures = taken.flatMap((one, index) =>
      typeof one === 'string'
        ? []
        : { object: section.object, stripeId: objects[index]!.id, reason: textOf(one.failed) },
    );
    const tallies = { ...backfill.tallies, [section.object]: sum(backfill.tallies[section.object], taken) };
    const next = { section: cursor ? backfill.section : backfill.section + 1, cursor, tallies };
    return { patch: next.section < backfill.sections!.length ? next : { ...next, ...end().patch }, failures };
  };
}

const end = (): Progress => ({ patch: { state: 'COMPLETED', finishedAt: new Date() }, failures: [] });

function sum(before: Tally = { seen: 0, applied: 0, skipped: 0, failed: 0 }, taken: TakenIn[]): Tally {
  const count = (outcome: TakenIn) => taken.filter((one) => one === outcome).length;
  const [applied, skipped] = [count('applied'), count('skipped')];
  return {
    seen: before.seen + taken.length,
    applied: before.applied + applied,
    skipped: before.skipped + skipped,
    failed: before.failed + taken.length - applied - skipped,
  };
}

/** What PostgreSQL can store of it. */
const textOf = (reason: string) => reason.replaceAll('\0', '').slice(0, 2_000);
