import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { badInput, conflict } from '../../errors.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { recordUsage } from '../events/record-usage.ts';
import type { UsageActor } from '../events/usage-answer.ts';
import { UsageEvent } from '../events/usage-event.entity.ts';
import { checkAmount } from './check-amount.ts';
import { findReservation } from './find-reservation.ts';
import type { UsageReservation } from './usage-reservation.entity.ts';

/**
 * Turns what is held into usage as of now: all of it, or less, and then the rest is free again. The event has the reservation's id for its
 * identifier. The same call again is answered alike.
 * @throws Refusal NOT_FOUND; BAD_USER_INPUT for an amount that is none, or more than is held; CONFLICT where the reservation was released, has
 * expired, or was committed with another amount, and where the meter takes no usage any more or the customer was deleted.
 */
export async function commitUsage(
  { em }: { em: EntityManager },
  side: Side,
  actor: UsageActor,
  input: { reservationId: string; amount?: string | null },
): Promise<UsageReservation> {
  const { reservation, now } = await findReservation({ em }, side, input.reservationId);
  const { status, meter, customer, usageEvent } = reservation;
  const amount = input.amount == null ? null : checkAmount(input.amount, meter);
  if (status === 'COMMITTED') {
    if (amount === null || (await compares(em, amount, '=', usageEvent!.value!))) return reservation;
    throw conflict('This reservation was committed with another amount. Correct its usage (replaceUsage).', 'amount');
  }
  if (status === 'RELEASED') throw conflict('This reservation was released. Reserve again.', 'reservationId');
  if (reservation.expiresAt <= now)
    throw conflict(
      'This reservation has expired: others may have what it held. Reserve again, or report what was used (reportUsage).',
      'reservationId',
    );
  if (amount !== null && !(await compares(em, amount, '<=', reservation.amount)))
    throw badInput('This is more than is held.', 'amount');

  const value = meter.aggregation === 'COUNT' ? null : (amount ?? reservation.amount);
  const used = { meter: meter.id, customerId: customer.id, value, identifier: reservation.id };
  // By the clock that said which period the limit is of: another one's event might be of the period before.
  const [answer] = await recordUsage(em, side, { events: [used], actor, now });
  if (answer!.code === 'UNKNOWN_CUSTOMER')
    throw conflict('The customer of this reservation was deleted.', 'reservationId');
  if (!answer!.eventId) throw conflict(answer!.message!, 'reservationId');
  reservation.status = 'COMMITTED';
  reservation.endedAt = now;
  reservation.usageEvent = em.getReference(UsageEvent, answer!.eventId);
  await em.flush();
  return reservation;
}

/** By PostgreSQL, whose decimals are exact. */
async function compares(em: EntityManager, one: string, how: '=' | '<=', other: string): Promise<boolean> {
  const [row] = await runStatement<{ so: boolean }>(em, `select $1::numeric ${how} $2::numeric as so`, [one, other]);
  return row!.so;
}
