import { badInput, notFound } from '../../errors.ts';

/**
 * Whom an input is about: who is named, or else the customer whose token asks, who may name nobody else.
 * @throws Refusal NOT_FOUND for somebody else than the token's customer; BAD_USER_INPUT where nobody is named.
 */
export function whose(named: string | null | undefined, own: string | null): string {
  if (own !== null && named != null && named !== own) throw notFound('customer', 'customerId');
  const customerId = named ?? own;
  if (customerId === null) throw badInput('Name the customer: `pc_…`.', 'customerId');
  return customerId;
}
