import type { EntityManager } from '@mikro-orm/core';
import { conflict } from '../../errors.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { findReservation } from './find-reservation.ts';
import type { UsageReservation } from './usage-reservation.entity.ts';

/**
 * Gives free what is held. One that was released, or has expired, holds nothing already.
 * @throws Refusal NOT_FOUND; CONFLICT where it was committed.
 */
export async function releaseUsage(
  { em }: { em: EntityManager },
  side: Side,
  { reservationId }: { reservationId: string },
): Promise<UsageReservation> {
  const { reservation, now } = await findReservation({ em }, side, reservationId);
  if (reservation.status === 'COMMITTED')
    throw conflict('This reservation was committed. What was not used is taken back by voidUsage.', 'reservationId');
  if (reservation.status === 'RELEASED') return reservation;
  reservation.status = 'RELEASED';
  reservation.endedAt = now;
  await em.flush();
  return reservation;
}
