import type { Match } from '../../reader/look-up.ts';
import { spelledCode } from './new-code.ts';

export type ReferralCodesWanted = { customerId?: string | null; code?: string | null; active?: boolean | null };

/** Which codes: those for which everything that is given holds. */
export function referralCodeFilter({ customerId, code, active }: ReferralCodesWanted) {
  const matches: Match[] = [];
  if (active != null)
    matches.push({
      name: active ? 'active' : 'inactive',
      sql: (row) => `${row}.deactivated_at is ${active ? '' : 'not '}null`,
      values: [],
    });
  const where = {
    ...(customerId != null && { customer: customerId }),
    ...(code != null && { code: spelledCode(code) }),
  };
  return { where, matches };
}
