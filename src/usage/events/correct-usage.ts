import { type EntityManager, UniqueConstraintViolationException } from '@mikro-orm/core';
import { checkText } from '../../check-input.ts';
import { badInput, conflict } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Tenant } from '../../tenant.ts';
import { forwardUsage } from '../forwarding/forward-usage.ts';
import { Meter } from '../meters/meter.entity.ts';
import { recountHours } from '../totals/recount-hours.ts';
import { checkIdentifier, checkTimestamp, checkValues, UsageRejected } from './check-usage.ts';
import { findCountingEvent, type UsageEventNamed } from './find-usage-event.ts';
import type { UsageActor } from './usage-answer.ts';
import { UsageEvent } from './usage-event.entity.ts';

type Side = Pick<Tenant, 'projectId' | 'environment'>;

/**
 * Lets an event count no more, in the EntityManager's transaction: its row stays, with the reason.
 * @returns its id.
 * @throws Refusal BAD_USER_INPUT; NOT_FOUND; CONFLICT where it was voided before.
 */
export async function voidUsage(
  em: EntityManager,
  tenant: Side,
  { event: named, reason }: { event: UsageEventNamed; reason: string },
): Promise<string> {
  const voidReason = checkReason(reason);
  const event = await findCountingEvent({ em }, tenant, named);
  Object.assign(event, { voidedAt: new Date(), voidReason });
  await em.flush();
  await recountHours(em, [event.id]);
  await forwardUsage({ em }, { voided: [event.id] });
  return event.id;
}

/** What is different of the event that counts instead. What is undefined or null is as it was. */
export type Replacement = {
  event: UsageEventNamed;
  value?: string | null;
  uniqueValue?: string | null;
  timestamp?: Date | null;
  identifier?: string | null;
  reason: string;
};

/**
 * Voids an event, and records another of the same customer and meter in its place, in the EntityManager's transaction.
 * @returns the ids of both.
 * @throws Refusal BAD_USER_INPUT with the field; NOT_FOUND; CONFLICT where it was voided before, or where the identifier is taken.
 */
export async function replaceUsage(
  em: EntityManager,
  tenant: Side,
  { event: named, reason, actor, ...changed }: Replacement & { actor: UsageActor },
): Promise<{ eventId: string; replacedId: string }> {
  const voidReason = checkReason(reason);
  const event = await findCountingEvent({ em }, tenant, named);
  const { aggregation } = await em.findOneOrFail(Meter, event.meter.id);
  const now = new Date();
  const { value = event.value, uniqueValue = event.uniqueValue } = withoutNulls(changed);
  const values = orRefuse(changed.uniqueValue == null ? 'value' : 'uniqueValue', () =>
    checkValues({ value, uniqueValue }, aggregation),
  );
  const occurredAt = orRefuse('timestamp', () => checkTimestamp(changed.timestamp ?? null, now)) ?? event.occurredAt;
  const id = newId('ue');
  const identifier = orRefuse('identifier', () => checkIdentifier(changed.identifier ?? null)) ?? id;
  if (await em.count(UsageEvent, { ...sideOf(tenant), identifier })) throw identifierTaken();
  const { customer, meter } = event;
  const replacing = em.create(UsageEvent, {
    ...sideOf(tenant),
    ...{ id, customer, meter, identifier, ...values, occurredAt },
    ...{ actorKind: actor.kind, actorId: actor.id, createdAt: now },
  });
  Object.assign(event, { voidedAt: now, voidReason, replacedBy: replacing });
  await em.flush().catch((failure) => {
    throw failure instanceof UniqueConstraintViolationException ? identifierTaken() : failure;
  });
  await recountHours(em, [event.id, id]);
  await forwardUsage({ em }, { added: [id], voided: [event.id] });
  return { eventId: id, replacedId: event.id };
}

const identifierTaken = () => conflict('Another event has this identifier.', 'identifier');

const checkReason = (reason: string) => checkText(reason, 'reason', { max: 500 });
const sideOf = ({ projectId, environment }: Side) => ({ projectId, environment });
const withoutNulls = <Value extends object>(value: Value) =>
  Object.fromEntries(Object.entries(value).filter(([, held]) => held != null)) as {
    [Name in keyof Value]?: NonNullable<Value[Name]>;
  };

/** What would reject an event of a batch refuses the call. */
function orRefuse<Result>(field: string, check: () => Result): Result {
  try {
    return check();
  } catch (failure) {
    throw failure instanceof UsageRejected ? badInput(failure.message, field) : failure;
  }
}
