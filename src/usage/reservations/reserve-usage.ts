import type { EntityManager } from '@mikro-orm/core';
import { findCustomer } from '../../billing/customers/find-customer.ts';
import { runStatement } from '../../database/run-statement.ts';
import { Feature } from '../../entitlements/features/feature.entity.ts';
import { featureWhere } from '../../entitlements/features/find-feature.ts';
import { badInput, conflict, limitReached, notFound } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import type { UsageActor } from '../events/usage-answer.ts';
import { checkAmount } from './check-amount.ts';
import { takeTurn } from './take-turn.ts';
import { UsageReservation } from './usage-reservation.entity.ts';

export type Wanted = { customerId: string; feature: string; amount?: string | null; ttl?: number | null };

/** How a customer stands with a limit: decimals as text. Without a limit, `limit` and `remaining` are null. */
export type Standing = { limit: string | null; remaining: string | null; resetsAt: Date | null };

/** In seconds. */
const defaultTtl = 300;
const longestTtl = 86_400;

/**
 * Holds an amount of a feature for a customer, if what he used and what is held leave room for it. Of calls at the same time the one that
 * comes first has it.
 * @throws Refusal NOT_FOUND for the customer or the feature; CONFLICT where the feature or its meter is archived; BAD_USER_INPUT for a feature that
 * no number limits, an amount that is none, and a ttl out of range; LIMIT_REACHED.
 */
export async function reserveUsage(
  { em }: { em: EntityManager },
  side: Side,
  actor: UsageActor,
  { customerId, feature: named, amount: asked, ttl: wantedTtl }: Wanted,
): Promise<Standing & { reservationId: string }> {
  const ttl = wantedTtl ?? defaultTtl;
  if (ttl < 1 || ttl > longestTtl) throw badInput(`A reservation lasts from 1 to ${longestTtl} seconds.`, 'ttl');
  const customer = await findCustomer({ em }, side, customerId);
  const { feature, meter } = await findMetered(em, side, named);
  const amount = checkAmount(asked ?? '1', meter);

  const now = await takeTurn(em, customer.id, meter.id);
  const standing = await standingOf(em, { customerId: customer.id, featureId: feature.id, amount });
  if (!standing.fits) throw limitReached(wordsFor(standing, feature.key), 'amount', standing.resetsAt);
  const reservation = em.create(UsageReservation, {
    id: newId('rsv'),
    projectId: side.projectId,
    environment: side.environment,
    customer,
    feature,
    meter,
    amount,
    status: 'HELD',
    expiresAt: new Date(now.getTime() + ttl * 1_000),
    actorKind: actor.kind,
    actorId: actor.id,
  });
  await em.flush();
  const { limit, remaining, resetsAt } = standing;
  return { reservationId: reservation.id, limit, remaining, resetsAt };
}

async function findMetered(em: EntityManager, { projectId, environment }: Side, named: string) {
  const where = { ...featureWhere(named), projectId, environment };
  const feature = named.includes('\0') ? null : await em.findOne(Feature, where, { populate: ['meter'] });
  if (!feature) throw notFound('feature', 'feature');
  if (feature.archivedAt)
    throw conflict('This feature is archived. Take it up again first (reactivateFeature).', 'feature');
  const { meter } = feature;
  if (!meter) throw badInput('Nothing counts against this feature: only a LIMIT with a meter is reserved.', 'feature');
  if (meter.archivedAt) throw conflict('The meter of this feature is archived: nothing is counted by it.', 'feature');
  if (meter.aggregation !== 'SUM' && meter.aggregation !== 'COUNT')
    throw badInput(
      'Only what a meter adds up is reserved: that of this feature tells the largest, the latest or the different values.',
      'feature',
    );
  return { feature, meter };
}

/** Rows of the view are read as they are when the turn has come, and sums are PostgreSQL's, which are exact. */
async function standingOf(em: EntityManager, of: { customerId: string; featureId: string; amount: string }) {
  const [row] = await runStatement<{
    has: boolean;
    fits: boolean;
    limit: string | null;
    remaining: string | null;
    resets_at: string | null;
  }>(
    em,
    `select has, limit_value::text as limit, trim_scale(remaining - $3::numeric)::text as remaining, resets_at,
       has and (unlimited or used + held + $3::numeric <= limit_value) as fits
     from entitlement where customer_id = $1 and feature_id = $2`,
    [of.customerId, of.featureId, of.amount],
  );
  if (!row) return { has: false, fits: false, limit: '0', remaining: '0', resetsAt: null };
  return { ...row, resetsAt: row.resets_at === null ? null : new Date(row.resets_at) };
}

function wordsFor(
  { has, limit, resetsAt }: { has: boolean; limit: string | null; resetsAt: Date | null },
  feature: string,
) {
  if (!has) return `The customer has nothing of ${feature}: sell or grant it first.`;
  const until = resetsAt ? ` It is counted anew from ${resetsAt.toISOString()} on.` : '';
  return `What is left of ${feature}, of ${limit}, is less than this.${until}`;
}
