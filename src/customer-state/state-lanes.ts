import type { EntityManager } from '@mikro-orm/core';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { BaseLogger } from 'pino';
import type { LaneKinds } from '../lanes/lane-kind.ts';
import { wakeLanes } from '../lanes/wake-lanes.ts';
import { workEach } from '../lanes/work-each.ts';
import { tellOfStateChanges } from '../outgoing/webhooks/tell-of-state-changes.ts';
import { tellThresholds } from '../usage/thresholds/tell-thresholds.ts';
import { awaitTime, mergeChanges } from './merge-changes.ts';
import { passTime, timeLanePrefix } from './pass-time.ts';
import type { StateChanges } from './state-changes.ts';

const mergingPrefix = 'merge-state';
const mergingLane = `${mergingPrefix}/changes`;

/** What goes on changing is merged again soon: one round of the lane ends all the same. */
const mostRounds = 20;

/** In milliseconds: changes that come together are merged together. */
const mergeAfter = 500;

/** The lanes that follow from changes of state: they are merged, and what changes by time alone is awaited. */
export function createStateLanes({ orm }: { orm: MikroORM }): LaneKinds {
  return {
    [mergingPrefix]: workEach({ orm, atOnce: 1 }, async () => {
      for (let round = 0; round < mostRounds && (await followChanges(orm.em.fork())); round++);
    }),
    [timeLanePrefix]: workEach({ orm, atOnce: 4 }, ({ key }) =>
      passTime({ em: orm.em.fork() }, key.slice(timeLanePrefix.length + 1)),
    ),
  };
}

/** All that follows from a change of state is in the transaction that merges it, once. @returns whether there was any. */
function followChanges(em: EntityManager): Promise<boolean> {
  return em.transactional(async (em) => {
    const changed = await mergeChanges({ em });
    await awaitTime(em, changed);
    await tellOfStateChanges({ em }, changed);
    await tellThresholds({ em }, changed);
    return changed.length > 0;
  });
}

export const wakeMerging = (em: EntityManager) => wakeLanes(em, [mergingLane]);

/**
 * Merges changes moments after this process hears of them. The schedule does it too, where this fails.
 * @returns what ends it.
 */
export function mergeSoon(tools: {
  orm: MikroORM;
  stateChanges: StateChanges;
  log: Pick<BaseLogger, 'warn'>;
}): () => void {
  let timer: NodeJS.Timeout | undefined;
  const unwatch = tools.stateChanges.watch(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      wakeMerging(tools.orm.em.fork()).catch((err) => tools.log.warn({ err }, 'Changes of state are merged later'));
    }, mergeAfter);
  });
  return () => {
    unwatch();
    clearTimeout(timer);
  };
}
