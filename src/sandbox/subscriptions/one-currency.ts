import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';

/** Refuses a subscription in another currency than those that the customer has: Stripe bills each in one at a time. */
export async function refuseOtherCurrency(
  tx: AccountTransaction,
  { id }: Stored<'customer'>,
  currency: string,
): Promise<void> {
  const status = ['active', 'incomplete', 'past_due', 'paused', 'trialing', 'unpaid'];
  const live = await tx.all('subscription', { customer: id, status });
  const other = live.find((subscription) => subscription.currency !== currency);
  if (!other) return;
  throw invalidRequest(
    `You cannot combine currencies on a single customer. This customer has an active subscription, subscription schedule, discount, quote, or invoice item with currency ${other.currency}.`,
  );
}
