import { type EntityManager, LockMode } from '@mikro-orm/core';
import { notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { takeTurn } from './take-turn.ts';
import { UsageReservation } from './usage-reservation.entity.ts';

/**
 * The reservation that an input names, as it is when the caller's turn has come: until the transaction ends, nothing else is decided about
 * the customer's usage of its meter.
 * @throws Refusal NOT_FOUND.
 */
export async function findReservation(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  id: string,
): Promise<{ reservation: UsageReservation; now: Date }> {
  const where = { id, projectId, environment };
  const known = isId('rsv', id) ? await em.findOne(UsageReservation, where) : null;
  if (!known) throw notFound('reservation', 'reservationId');
  const now = await takeTurn(em, known.customer.id, known.meter.id);
  const fresh = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;
  const reservation = await em.findOneOrFail(UsageReservation, where, fresh);
  await em.populate(reservation, ['meter', 'usageEvent']);
  return { reservation, now };
}
