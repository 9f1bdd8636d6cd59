import { badInput } from '../../errors.ts';
import type { Principal } from '../../identity/access/principal.ts';

/**
 * Whom a question is about: who is named, or else the customer whose token asks.
 * @throws Refusal BAD_USER_INPUT where nobody is.
 */
export function chooseCustomer<By extends object>(
  by: By | null | undefined,
  { customerId }: Principal,
): By | { id: string } {
  if (by) return by;
  if (customerId === null) throw badInput('Name the customer: { id: "pc_…" }.', 'customer');
  return { id: customerId };
}
