import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { endDiscount } from './end-discount.ts';
import { newDiscount } from './new-discount.ts';
import { offerOf } from './offer.ts';

type Customer = Stored<'customer'>;

/** Gives a customer the discount of a coupon in place of the one it had, or takes that away where `coupon` is `null`. */
export async function setCustomerCoupon(tx: AccountTransaction, customer: Customer, coupon: string | null) {
  const had = customer.discount ? await tx.find('discount', customer.discount.id) : undefined;
  if (coupon === null) {
    if (had) await endDiscount(tx, had);
    return;
  }
  const offer = await offerOf(tx, { coupon }, { customer }, '');
  const discount = newDiscount(tx, offer, { customer: customer.id });
  if (had) {
    tx.update(had, { end: tx.now });
    tx.schedule('discount.end', had.id, null);
  }
  tx.update(customer, { discount });
  if (had) tx.emit('customer.discount.updated', discount, { id: had.id, source: had.source });
}

export const deleteCustomerDiscount = operation({}, async (tx, _input, id) => {
  const customer = await tx.get('customer', id!);
  return deleted(tx, customer.discount?.id, `customer: ${customer.id}`);
});

/** Takes all discounts from a subscription; answers the first. */
export const deleteSubscriptionDiscount = operation({}, async (tx, _input, id) => {
  const subscription = await tx.get('subscription', id!);
  const [first, ...others] = subscription.discounts;
  for (const other of others) await deleted(tx, other, subscription.id);
  const answer = await deleted(tx, first, `subscription: ${subscription.id}`);
  tx.emit('customer.subscription.updated', subscription, { discounts: [first, ...others] });
  return answer;
});

async function deleted(tx: AccountTransaction, id: string | undefined, owner: string) {
  const discount = id ? await tx.find('discount', id) : undefined;
  if (!discount) throw invalidRequest(`No active discount for ${owner}`, undefined, 'resource_missing');
  await endDiscount(tx, discount);
  const { _sandbox, end, ...rest } = discount;
  return { ...rest, deleted: true };
}
