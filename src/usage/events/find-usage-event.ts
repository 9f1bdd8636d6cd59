import { type EntityManager, LockMode } from '@mikro-orm/core';
import { badInput, conflict, notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Tenant } from '../../tenant.ts';
import { UsageEvent } from './usage-event.entity.ts';

/** Exactly one of these. */
export type UsageEventNamed = { id?: string | null; identifier?: string | null };

/**
 * The event that counts and is to count no more: locked, so that of two who void it one is refused.
 * @throws Refusal BAD_USER_INPUT; NOT_FOUND; CONFLICT where it was voided before.
 */
export async function findCountingEvent(
  { em }: { em: EntityManager },
  { projectId, environment }: Pick<Tenant, 'projectId' | 'environment'>,
  { id, identifier }: UsageEventNamed,
): Promise<UsageEvent> {
  if (id == null && identifier == null) throw badInput('Give one of id and identifier, and not null.', 'event');
  const canBe = id != null ? isId('ue', id) : !identifier!.includes('\0') && identifier!.isWellFormed();
  const where = { ...(id != null ? { id } : { identifier: identifier! }), projectId, environment };
  const event = canBe && (await em.findOne(UsageEvent, where, { lockMode: LockMode.PESSIMISTIC_WRITE }));
  if (!event) throw notFound('usage event', 'event');
  if (event.voidedAt) throw conflict('This event was voided before, and counts no more.', 'event');
  return event;
}
