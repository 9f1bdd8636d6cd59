import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import { Meter } from '../../usage/meters/meter.entity.ts';
import { compareWithRows } from '../drift/compare-with-rows.ts';
import { examineLater, examineObjects } from '../drift/drift-lanes.ts';
import type { ExamineTools } from '../drift/examine-object.ts';
import { isOfWrongMode } from '../drift/find-reason.ts';
import { markHealed } from '../drift/record-findings.ts';
import { backfillObjects, type ListedObject, listings, type Section } from '../listings/backfill-objects.ts';
import { planSections } from '../listings/plan-sections.ts';
import { type ListedPage, readListedPage } from '../listings/read-listed-page.ts';
import { hasCutOffList } from '../mirror/newest-snapshot.ts';
import { findUnlisted } from './find-unlisted.ts';
import type { SweepPlace } from './reconciliation.entity.ts';

type Sweep = {
  connection: OpenConnection;
  /** What differs is examined after so many seconds: an event of it may be on its way. 0: at once. */
  grace: number;
  heal: boolean;
  /** Where an earlier sweep was cut off; null to begin. */
  from: SweepPlace | null;
  /** Called after each page, with where to go on; null at the end. */
  onPlace(place: SweepPlace | null): Promise<void>;
};

/**
 * Lists Stripe's objects, a hundred at a time, and compares them with our rows. What differs, or is not listed although we
 * have it, is examined one by one. So a difference that no event tells of is found as well.
 */
export async function sweepObjects(tools: ExamineTools, sweep: Sweep): Promise<void> {
  const { stripe } = sweep.connection;
  let place = sweep.from ?? (await begin(tools, sweep.connection));
  for (let section = place.sections[place.section]; section; section = place.sections[place.section]) {
    const { cursor } = place;
    const page = await readListedPage(stripe, section, { cursor });
    const span = { oldest: page.cursor?.created ?? 0, newest: cursor?.created ?? Number.MAX_SAFE_INTEGER };
    await comparePage(tools, sweep, section, page, span);
    place = { ...place, section: page.cursor ? place.section : place.section + 1, cursor: page.cursor };
    await sweep.onPlace(place);
  }
  await sweep.onPlace(null);
}

/** Meters are listed where there are any: the keys of others need no right to. */
async function begin({ orm }: Pick<ExamineTools, 'orm'>, connection: OpenConnection): Promise<SweepPlace> {
  const hasMeters = await orm.em.fork().count(Meter, { connectionId: connection.id });
  const objects: ListedObject[] = [...backfillObjects, ...(hasMeters ? (['METERS'] as const) : [])];
  const sections = await planSections(connection, { objects });
  return { begunAt: new Date().toISOString(), sections, section: 0, cursor: null };
}

/** @param span the seconds in which Stripe created what the page lists: what we have of them should be in it. */
async function comparePage(
  tools: ExamineTools,
  { connection, grace, heal }: Sweep,
  section: Section,
  { answers, owners }: ListedPage,
  span: { oldest: number; newest: number },
): Promise<void> {
  const { type } = listings[section.object];
  const objects = answers.flatMap(({ objects }) => objects);
  const isSuspect = (object: (typeof objects)[number]) => hasCutOffList(object) || isOfWrongMode(connection, object);
  const shown = objects.filter((object) => !isSuspect(object)).map((object) => ({ id: object.id, object }));
  const comparisons = await compareWithRows(tools, { connection, type, shown });
  const equal = shown.filter((_, index) => comparisons[index] === 'equal');
  const different = shown.filter((_, index) => typeof comparisons[index] === 'object');
  await markHealed(
    tools.orm.em.fork(),
    connection.id,
    equal.map(({ id }) => id),
  );
  // Rows do not know their test clock, and other lists hold what is under one.
  const unlisted =
    section.testClock && !owners
      ? []
      : await findUnlisted(tools, { connection, type, within: owners ?? span }, objects);
  const ids = [...objects.filter(isSuspect), ...different].map(({ id }) => id).concat(unlisted);
  if (heal && grace) await examineLater(tools.orm.em.fork(), { connection, type, ids, seconds: grace });
  else await examineObjects(tools, { connection, type, ids, heal });
}
