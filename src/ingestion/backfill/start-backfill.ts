import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { badInput, conflict } from '../../errors.ts';
import { newId } from '../../ids.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import { Project } from '../../tenancy/teams/project.entity.ts';
import { type BackfillObject, backfillObjects } from '../listings/backfill-objects.ts';
import { type Assignment, checkAssignment } from './assignment.ts';
import { backfillLaneOf } from './backfill-lane-key.ts';

export type BackfillInput = {
  /** All kinds where none are named. */
  objects?: BackfillObject[] | null;
  /** Only objects that Stripe created after this instant, and what they refer to. */
  createdAfter?: Date | null;
  assign: Assignment;
};

/**
 * Begins to bring what a Stripe account holds already to our rows. The worker does it: see backfill-lanes.ts.
 * @returns the backfill's id.
 * @throws Refusal BAD_USER_INPUT, NOT_FOUND for a project that is not the team's, CONFLICT while another backfill of the
 * connection runs.
 */
export async function startBackfill(
  { em }: { em: EntityManager },
  { teamId, connectionId }: { teamId: string; connectionId: string },
  input: BackfillInput,
): Promise<string> {
  const { createdAfter = null, assign } = input;
  const objects = inOrder(input.objects ?? backfillObjects);
  if (!objects.length) throw badInput('Name at least one kind of object, or leave the field out for all.', 'objects');
  if (createdAfter && createdAfter > new Date())
    throw badInput('This lies in the future: nothing was created after it.', 'createdAfter');
  const projects = await em.find(Project, { team: teamId }, { fields: ['id'] });
  checkAssignment(assign, new Set(projects.map(({ id }) => id)));

  return em.transactional(async (em) => {
    const started = await runStatement<{ id: string }>(
      em,
      `insert into backfill (id, connection_id, objects, created_after, assign, created_at)
       values ($1, $2, $3, $4, $5, now())
       on conflict (connection_id) where state = 'RUNNING' do nothing
       returning id`,
      [newId('bf'), connectionId, objects, createdAfter?.toISOString() ?? null, JSON.stringify(assign)],
    );
    const [backfill] = started;
    if (!backfill)
      throw conflict('A backfill of this Stripe connection is running. Wait until it has finished; see `backfills`.');
    await wakeLanes(em, [backfillLaneOf(backfill.id)]);
    return backfill.id;
  });
}

const inOrder = (wanted: readonly BackfillObject[]) => backfillObjects.filter((object) => wanted.includes(object));
