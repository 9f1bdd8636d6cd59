import { publish } from '../../reader/publish.ts';
import { UsageReservation } from './usage-reservation.entity.ts';
import { UsageReservationType } from './usage-reservation.type.ts';

export const publishedUsageReservation = publish(UsageReservationType, UsageReservation, (from) => ({
  status: from.columns(['status', 'expiresAt'], ({ status, expiresAt }) =>
    status === 'HELD' && expiresAt <= new Date() ? ('EXPIRED' as const) : status,
  ),
}));
