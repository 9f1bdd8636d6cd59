import type { EntityManager } from '@mikro-orm/core';
import { newId } from '../../ids.ts';
import type { Tenant } from '../../tenant.ts';
import { forwardUsage } from '../forwarding/forward-usage.ts';
import { addToHours } from '../totals/add-to-hours.ts';
import { type CheckedUsage, checkUsage, type ReportedUsage, UsageRejected } from './check-usage.ts';
import { findNamed } from './find-named.ts';
import { findStanding, insertEvents, type NewEvent, removeEvents, type Standing } from './insert-events.ts';
import type { OnRejection, UsageActor, UsageAnswer } from './usage-answer.ts';

/**
 * Records usage and adds it to what its hours come to, in the EntityManager's transaction: all that is recorded of a batch is there
 * with its commit. Rows are locked in the order of their keys, so that batches of the same customers wait for each other and never
 * in a circle. As many statements for a thousand events as for two.
 * @param batch.now by this process's clock where it is left out.
 * @returns an answer for each event, in their order.
 */
export async function recordUsage(
  em: EntityManager,
  tenant: Pick<Tenant, 'projectId' | 'environment'>,
  batch: { events: ReportedUsage[]; actor: UsageActor; onRejection?: OnRejection; now?: Date },
): Promise<UsageAnswer[]> {
  const { events, actor, onRejection = 'RECORD_OTHERS', now = new Date() } = batch;
  const { meterOf, customerOf } = await findNamed(em, tenant, events);
  const checked = events.map((one) => {
    try {
      return newEvent(checkUsage(one, { meter: meterOf(one), customerId: customerOf(one) }, now), now);
    } catch (failure) {
      if (failure instanceof UsageRejected) return failure;
      throw failure;
    }
  });
  const first = new Map<string, NewEvent>();
  for (const one of checked)
    if (!(one instanceof UsageRejected) && !first.has(one.identifier)) first.set(one.identifier, one);
  const wanted = [...first.values()];

  const isRefused = onRejection === 'RECORD_NONE' && checked.some((one) => one instanceof UsageRejected);
  const standing = isRefused
    ? await findStanding(em, tenant, [...first.keys()])
    : await insertEvents(em, tenant, { events: wanted, actor, now });
  const answers = checked.map((one, index) => answerOf(one, standing, events[index]!));
  const recorded = wanted.filter(({ id, identifier }) => standing.get(identifier)?.id === id).map(({ id }) => id);
  if (onRejection === 'RECORD_NONE' && answers.some(({ status }) => status === 'REJECTED')) {
    await removeEvents(em, recorded);
    return answers.map((one) => (recorded.includes(one.eventId!) ? { ...one, ...batchRejected } : one));
  }
  await addToHours(em, recorded);
  await forwardUsage({ em }, { added: recorded });
  return answers;
}

/** An event without an identifier of the caller's has its own id for it. */
function newEvent({ identifier, occurredAt, ...said }: CheckedUsage, now: Date): NewEvent {
  const id = newId('ue');
  return { ...said, id, identifier: identifier ?? id, occurredAt: occurredAt ?? now };
}

function answerOf(
  one: NewEvent | UsageRejected,
  standing: Map<string, Standing>,
  { identifier = null, timestamp }: ReportedUsage,
): UsageAnswer {
  if (one instanceof UsageRejected)
    return { identifier, status: 'REJECTED', eventId: null, code: one.code, message: one.message };
  const known = standing.get(one.identifier);
  if (!known) return { identifier, ...batchRejected };
  const { id: eventId } = known;
  const accepted = { identifier: one.identifier, eventId, code: null, message: null };
  if (eventId === one.id) return { ...accepted, status: 'RECORDED' };
  // A report without a time says nothing of it: sent again, it would say another one.
  const differs =
    (['meterId', 'customerId', 'value', 'uniqueValue'] as const).find((name) => known[name] !== one[name]) ??
    (timestamp && known.occurredAt.getTime() !== one.occurredAt.getTime() ? 'timestamp' : null);
  if (!differs) return { ...accepted, status: 'DUPLICATE' };
  const message = `Another event has this identifier (${eventId}), and another ${words[differs]}. Void or replace that one.`;
  return { identifier, status: 'REJECTED', eventId: null, code: 'IDENTIFIER_REUSED', message };
}

const words = {
  meterId: 'meter',
  customerId: 'customer',
  value: 'value',
  uniqueValue: 'value',
  timestamp: 'timestamp',
};

const batchRejected = {
  status: 'REJECTED',
  eventId: null,
  code: 'BATCH_REJECTED',
  message: 'Another event of the batch was rejected, so that nothing of it was recorded (onRejection: RECORD_NONE).',
} as const;
