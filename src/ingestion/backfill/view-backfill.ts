import type { EntityManager } from '@mikro-orm/core';
import { Lane } from '../../lanes/lane.entity.ts';
import type { BackfillObject } from '../listings/backfill-objects.ts';
import { Backfill, type BackfillState, type Tally } from './backfill.entity.ts';
import { backfillLaneOf } from './backfill-lane-key.ts';

export type BackfillView = {
  id: string;
  state: BackfillState;
  objects: BackfillObject[];
  createdAfter: Date | null;
  progress: (Tally & { object: BackfillObject; isDone: boolean })[];
  error: string | null;
  startedAt: Date;
  finishedAt: Date | null;
};

/** A backfill as it is seen from outside. */
export async function viewBackfill({ em }: { em: EntityManager }, backfill: Backfill): Promise<BackfillView> {
  const { id, state, objects, tallies, sections, section, createdAfter = null, finishedAt = null } = backfill;
  const toDo = new Set(sections ? sections.slice(section).map(({ object }) => object) : objects);
  const lane = state === 'RUNNING' ? await em.findOne(Lane, backfillLaneOf(id), { disableIdentityMap: true }) : null;
  return {
    id,
    state,
    objects,
    createdAfter,
    progress: objects.map((object) => ({ ...none, ...tallies[object], object, isDone: !toDo.has(object) })),
    error: backfill.error ?? lane?.lastError ?? null,
    startedAt: backfill.createdAt,
    finishedAt,
  };
}

const none: Tally = { seen: 0, applied: 0, skipped: 0, failed: 0 };
