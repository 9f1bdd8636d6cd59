import { badInput } from '../../errors.ts';
import type { Match } from '../../reader/look-up.ts';

/** Which events: those for which everything that is given holds. `from` is included, `to` is not. */
export type UsageEventsWanted = {
  customerId?: string | null;
  meterId?: string | null;
  status?: 'RECORDED' | 'VOIDED' | null;
  from?: Date | null;
  to?: Date | null;
};

/** @throws Refusal BAD_USER_INPUT where nothing lies between `from` and `to`. */
export function usageEventFilter({ customerId, meterId, status, from, to }: UsageEventsWanted) {
  if (from != null && to != null && from >= to) throw badInput('`from` must be earlier than `to`.', 'filter.to');
  const matches: Match[] = [];
  if (status != null)
    matches.push({
      name: status,
      sql: (event) => `${event}.voided_at is ${status === 'VOIDED' ? 'not ' : ''}null`,
      values: [],
    });
  if (from != null)
    matches.push({
      name: 'from',
      sql: (event, instant) => `${event}.occurred_at >= ${instant}::timestamptz`,
      values: [from.toISOString()],
    });
  if (to != null)
    matches.push({
      name: 'to',
      sql: (event, instant) => `${event}.occurred_at < ${instant}::timestamptz`,
      values: [to.toISOString()],
    });
  const where = {
    ...(customerId != null && { customer: customerId }),
    ...(meterId != null && { meter: meterId }),
  };
  return { where, matches };
}
