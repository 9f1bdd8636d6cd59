import type { EntityManager } from '@mikro-orm/core';
import type { BaseLogger } from 'pino';
import type Stripe from 'stripe';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import type { Operation } from '../../operations/operation.ts';
import type { Tenant } from '../../tenant.ts';
import { secondOf } from './second-of.ts';
import type { Sync } from './seen.ts';
import { laneOf } from './stripe-lane.ts';

/** What Stripe answered to a write of ours. */
export type Answered<Shape> = {
  /** The object's type, in Stripe's word. */
  type: string;
  id: string;
  object: Stripe.Response<Shape>;
  /** Whether Stripe has deleted the object, which is final. */
  isDeleted?: boolean;
  /** The evidence of our row before Stripe was asked; 0 where there was none. */
  basis: number;
};

/**
 * Brings what Stripe answered to a write of ours to the row, so that nobody waits for the webhook. By the rule of a fetch: the
 * evidence is the second in which the answer ended, and it is written only onto the row as it was before Stripe was asked. Where
 * the row has changed meanwhile, nobody knows which of the two is newer: the worker asks Stripe, and the operation waits for it.
 * The evidence always moves, by a second ahead of Stripe's clock where need be: whoever looked at the row before finds another one, also
 * within the second, and does not put back what he saw. (What was just made, and has a row already, has it by its webhook, which knows as much.)
 */
export async function recordAnswer<Shape>(
  { em, log, operation, sync }: AnswerTools<Shape>,
  { teamId, projectId, environment, connectionId }: Tenant,
  { type, id, object, isDeleted = false, basis }: Answered<Shape>,
): Promise<void> {
  const seen = {
    id,
    object: isDeleted ? null : object,
    evidence: Math.max(secondOf(object.lastResponse?.headers.date), basis + 1),
    mayReplace: (known: number) => isDeleted || known === basis,
    projectHint: projectId,
  };
  const [outcome] = await sync({ em, connection: { id: connectionId, teamId, environment }, log }, [seen]);
  await em.flush();
  if (outcome === 'applied' || basis === 0) return;
  const lane = laneOf({ connectionId, object: type, id });
  await wakeLanes(em, [lane]);
  operation.waitForLane(lane);
}

type AnswerTools<Shape> = {
  em: EntityManager;
  log: Pick<BaseLogger, 'warn'>;
  operation: Pick<Operation, 'waitForLane'>;
  sync: Sync<Shape>;
};
