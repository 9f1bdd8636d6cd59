import type { EntityManager } from '@mikro-orm/core';
import { findCustomer } from '../../billing/customers/find-customer.ts';
import { checkText } from '../../check-input.ts';
import { runStatement } from '../../database/run-statement.ts';
import { badInput } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { checkValue, type FeatureValue, type GivenValue } from '../features/check-feature.ts';
import type { Feature } from '../features/feature.entity.ts';
import { findFeature } from '../features/find-feature.ts';
import { FeatureGrant } from './feature-grant.entity.ts';

export type Decision = GivenValue & {
  kind: 'GRANT' | 'OVERRIDE';
  customerId: string;
  feature: string;
  allowed?: boolean;
  reason: string;
  startsAt?: Date | null;
  expiresAt?: Date | null;
};

export type Actor = { kind: string; id: string };

/**
 * Gives a customer a feature besides what he has otherwise (GRANT), or says what he has instead of it (OVERRIDE).
 * @throws Refusal NOT_FOUND for the customer or the feature; CONFLICT where the feature is archived; BAD_USER_INPUT with the field for
 * a value that does not fit the feature, and for an end that has passed.
 */
export async function grantFeature(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  actor: Actor,
  decision: Decision,
): Promise<FeatureGrant> {
  const { kind, allowed = true, reason } = decision;
  const customer = await findCustomer({ em }, { projectId, environment }, decision.customerId);
  const feature = await findFeature({ em }, { projectId, environment }, decision.feature);
  const grant = em.create(FeatureGrant, {
    id: newId('fgr'),
    projectId,
    environment,
    customer,
    feature,
    kind,
    allowed,
    ...(allowed ? checkValue(feature, decision) : noValue(feature, decision)),
    reason: checkText(reason, 'reason', { max: 500 }),
    actorKind: actor.kind,
    actorId: actor.id,
    ...checkTimes(decision, await earlierNow(em)),
  });
  await em.flush();
  return grant;
}

function noValue({ key }: Feature, { limit, unlimited, option }: GivenValue): FeatureValue {
  const given = limit != null ? 'limit' : unlimited ? 'unlimited' : option != null ? 'option' : null;
  if (given) throw badInput(`What takes ${key} away has no value: leave it out.`, given);
  return { limitValue: null, option: null };
}

function checkTimes({ startsAt, expiresAt }: Decision, now: Date): { startsAt: Date; expiresAt: Date | null } {
  // Nothing counted before it was decided.
  const starts = startsAt && startsAt > now ? startsAt : now;
  if (expiresAt && expiresAt <= now) throw badInput('This has passed already: nothing would be granted.', 'expiresAt');
  if (expiresAt && expiresAt <= starts) throw badInput('The end is not later than the beginning.', 'expiresAt');
  return { startsAt: starts, expiresAt: expiresAt ?? null };
}

/** Now, by whichever clock is behind, this process's or the database's: what begins then has begun for everybody who asks next. */
async function earlierNow(em: EntityManager): Promise<Date> {
  const [row] = await runStatement<{ now: string }>(em, 'select now() as now', []);
  return new Date(Math.min(Date.now(), Date.parse(row!.now)));
}
