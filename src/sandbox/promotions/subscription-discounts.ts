import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { text } from '../wire/parameter-kinds.ts';
import { hash, list, type Parameter, type Value } from '../wire/parameters.ts';
import { endDiscount } from './end-discount.ts';
import { newDiscount } from './new-discount.ts';
import { offerOf } from './offer.ts';

const wanted = list(hash({ coupon: text(), discount: text(), promotion_code: text() }), { max: 20 });

/** `discounts` of a subscription: `[{coupon}, {promotion_code}, {discount}]`, where the last keeps one it has; empty for none. */
export const subscriptionDiscounts: Parameter<Value<typeof wanted> | null> = {
  read: (form, place) => (form === '' ? null : wanted.read(form, place)),
};

/** Gives a subscription these discounts in place of those it had; the caller tells of the subscription's change. */
export async function setSubscriptionDiscounts(
  tx: AccountTransaction,
  subscription: Pick<Stored<'subscription'>, 'currency' | 'discounts' | 'id'>,
  customer: Stored<'customer'>,
  inputs: Value<typeof subscriptionDiscounts>,
): Promise<string[]> {
  const ids: string[] = [];
  for (const [index, { discount, ...given }] of (inputs ?? []).entries()) {
    const at = `discounts[${index}]`;
    if (discount) {
      ids.push((await tx.refer('discount', discount, `${at}[discount]`)).id);
      continue;
    }
    const offer = await offerOf(tx, given, { customer, currency: subscription.currency }, at);
    ids.push(newDiscount(tx, offer, { customer: customer.id, subscription: subscription.id }).id);
  }
  for (const id of subscription.discounts) {
    const discount = ids.includes(id) ? undefined : await tx.find('discount', id);
    if (discount) await endDiscount(tx, discount);
  }
  return ids;
}
