import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

type Discount = Stored<'discount'>;

/** Takes a discount from the customer or the subscription that has it; the invoices that had it still name it. */
export async function endDiscount(tx: AccountTransaction, discount: Discount): Promise<void> {
  const customer = discount.customer ? await tx.find('customer', discount.customer) : undefined;
  if (customer?.discount?.id === discount.id) tx.update(customer, { discount: null });
  const subscription = discount.subscription ? await tx.find('subscription', discount.subscription) : undefined;
  if (subscription) tx.update(subscription, { discounts: subscription.discounts.filter((id) => id !== discount.id) });
  tx.update(discount, { end: tx.now });
  tx.schedule('discount.end', discount.id, null);
  tx.emit('customer.discount.deleted', discount);
}

/** A discount's months are over. */
export async function endDiscountByTime(tx: AccountTransaction, id: string): Promise<void> {
  const discount = await tx.find('discount', id);
  if (discount) await endDiscount(tx, discount);
}

/** A discount that is good for one invoice is over once it took something off one. */
export async function endSpentDiscounts(tx: AccountTransaction, invoice: Stored<'invoice'>): Promise<void> {
  for (const { amount, discount: id } of invoice.total_discount_amounts ?? []) {
    const discount = amount > 0 ? await tx.find('discount', id) : undefined;
    if (discount?._sandbox.coupon.duration === 'once') await endDiscount(tx, discount);
  }
}
