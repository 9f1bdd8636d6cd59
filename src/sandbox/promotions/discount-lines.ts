import type { InvoiceLine } from '../invoices/invoice-line.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { discountAmounts } from './discount-amount.ts';

type Discount = Stored<'discount'>;

/** The discounts that an invoice gets: its subscription's, or else its customer's. */
export async function discountsFor(
  tx: AccountTransaction,
  customer: Stored<'customer'>,
  subscription?: Stored<'subscription'>,
): Promise<Discount[]> {
  const ids = subscription?.discounts.length ? subscription.discounts : customer.discount ? [customer.discount.id] : [];
  const discounts: Discount[] = [];
  for (const id of ids) {
    const discount = await tx.find('discount', id);
    if (discount && (discount.end === null || discount.end > tx.now)) discounts.push(discount);
  }
  return discounts;
}

/** The lines with what each discount takes off them, one discount after the other. */
export function discountLines(lines: InvoiceLine[], discounts: Discount[]): InvoiceLine[] {
  let discounted = lines;
  for (const discount of discounts) {
    const items = discounted.map((line) => ({
      amount: line.amount - (line.discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0),
      product: line.pricing?.price_details?.product ?? null,
      discountable: line.discountable,
    }));
    const amounts = discountAmounts(discount._sandbox.coupon, items, lines[0]?.currency ?? '');
    discounted = discounted.map((line, index) => ({
      ...line,
      discount_amounts: [...(line.discount_amounts ?? []), { amount: amounts[index]!, discount: discount.id }],
    }));
  }
  return discounted;
}
