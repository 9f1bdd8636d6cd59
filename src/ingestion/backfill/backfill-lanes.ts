import type { EntityManager } from '@mikro-orm/core';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { BaseLogger } from 'pino';
import { runStatement } from '../../database/run-statement.ts';
import { newId } from '../../ids.ts';
import { type ClaimedLane, type LaneKind, TryLater } from '../../lanes/lane-kind.ts';
import { settleLanes } from '../../lanes/settle-lanes.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import type { OpenConnection, StripeConnections } from '../../stripe/stripe-connections.ts';
import { isKeyRefused, isRightMissing, isStripeTrouble } from '../../stripe/stripe-trouble.ts';
import { planSections } from '../listings/plan-sections.ts';
import { createMirror } from '../mirror/create-mirror.ts';
import { markUndone } from '../webhooks/replay-webhook-events.ts';
import { Backfill } from './backfill.entity.ts';
import { BackfillFailure } from './backfill-failure.entity.ts';
import { backfillLanePrefix, backfillOf } from './backfill-lane-key.ts';
import { createPageTaker, type Progress } from './take-in-page.ts';

/**
 * The lanes `backfill/<id>`. A round takes in one page and wakes its own lane for the next one. What a page brought is
 * counted, and the cursor moved, in the transaction that settles the round: a page that a crash cut off is taken in again,
 * which changes nothing, and counted once.
 */
export function createBackfillLanes(tools: {
  orm: MikroORM;
  connections: Pick<StripeConnections, 'byId'>;
  log: Pick<BaseLogger, 'warn'>;
}): LaneKind {
  const { orm, connections } = tools;
  const takeInPage = createPageTaker({ mirror: createMirror(tools) });

  async function round(lane: ClaimedLane): Promise<void> {
    const backfill = await orm.em.fork().findOne(Backfill, { id: backfillOf(lane.key), state: 'RUNNING' });
    const connection = backfill && (await connections.byId(backfill.connectionId));
    if (!connection) return settle(lane, null);
    const progress = await nextStep(connection, backfill, lane).catch(waitForStripe);
    await settle(lane, { ...progress, backfill });
  }

  async function nextStep(connection: OpenConnection, backfill: Backfill, lane: ClaimedLane): Promise<Progress> {
    if (backfill.sections) return takeInPage(connection, backfill, lane);
    return { patch: { sections: await planSections(connection, backfill) }, failures: [] };
  }

  function settle(lane: ClaimedLane, progress: (Progress & { backfill: Backfill }) | null): Promise<void> {
    return orm.em.fork().transactional(async (em) => {
      if (progress && !progress.patch.state) await wakeLanes(em, [lane.key]);
      if (!(await settleLanes(em, [lane]))) throw new TryLater('Another worker has taken over the backfill.');
      if (progress) await record(em, progress);
    });
  }

  return { work: (lanes) => lanes.map(round), bury };
}

/** However long Stripe is down, the backfill waits. A key that Stripe refuses, or that lacks a right, is nothing to wait for. */
function waitForStripe(failure: Error): never {
  if (isStripeTrouble(failure) && !isKeyRefused(failure) && !isRightMissing(failure))
    throw new TryLater(`Stripe: ${failure.message}`, { cause: failure });
  throw failure;
}

async function record(em: EntityManager, { backfill, patch, failures }: Progress & { backfill: Backfill }) {
  await em.nativeUpdate(Backfill, { id: backfill.id }, patch);
  // Their objects may have a row now, and may have changed after they were listed.
  if (patch.state === 'COMPLETED')
    await markUndone(em, backfill.connectionId, { condition: `event.outcome = 'unrouted'`, values: [] });
  if (!failures.length) return;
  const rows = failures.map((failure) => ({ ...failure, id: newId('bff'), backfillId: backfill.id }));
  await em.upsertMany(BackfillFailure, rows, {
    onConflictFields: ['backfillId', 'stripeId'],
    onConflictAction: 'ignore',
  });
}

/** Whatever it was that failed so often, it stands at the lane. The backfill ends; its lane is not needed any more. */
async function bury(em: EntityManager, keys: string[]): Promise<void> {
  await runStatement(
    em,
    `with dead as (delete from lane where key = any($1) returning key, last_error)
     update backfill set state = 'FAILED', finished_at = now(), error = dead.last_error
     from dead where dead.key = '${backfillLanePrefix}/' || backfill.id`,
    [keys],
  );
}
