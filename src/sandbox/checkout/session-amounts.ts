import type Stripe from 'stripe';
import { priceAmount } from '../catalog/price-amount.ts';
import { priceIn } from '../catalog/price-in.ts';
import { newId } from '../ids.ts';
import type { Stored, Wire } from '../objects.ts';
import { discountAmounts } from '../promotions/discount-amount.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { taxOn } from '../tax/automatic-tax.ts';
import type { CheckoutOrder } from './checkout-order.ts';

type Session = Stored<'checkout.session'>;
type LineItem = Wire<Stripe.LineItem>;

/** The lines of a session and its sums, in minor units. In a trial, nothing is due for what recurs. */
export async function sessionAmounts(
  tx: AccountTransaction,
  id: string,
  { lines, currency, offer, subscription, tax }: CheckoutOrder,
  known: Partial<Pick<LineItem, 'id' | 'metadata'>>[] = [],
) {
  const items: LineItem[] = [];
  for (const [index, { price: priceId, quantity, adjustable }] of lines.entries()) {
    const price = await tx.get('price', priceId);
    const product = await tx.get('product', price.product);
    const charged = priceIn(price, currency ?? price.currency);
    const amount = subscription.trial && price.recurring ? 0 : priceAmount(charged, quantity ?? 0);
    items.push({
      id: known[index]?.id ?? newId('li_1'),
      object: 'item',
      adjustable_quantity: adjustable ? { enabled: true, ...adjustable } : null,
      amount_discount: 0,
      amount_subtotal: amount,
      amount_tax: 0,
      amount_total: amount,
      currency: charged.currency,
      description: product.name,
      metadata: known[index]?.metadata ?? {},
      price,
      quantity: quantity ?? null,
    });
  }
  const coupon = offer && (await couponOf(tx, offer));
  if (coupon) discountItems(items, coupon);
  for (const item of items) {
    item.amount_tax = taxOn(item.amount_total, tax?.country);
    item.amount_total += item.amount_tax;
  }
  const total = (field: 'amount_subtotal' | 'amount_total' | 'amount_discount' | 'amount_tax') =>
    items.reduce((sum, item) => sum + item[field], 0);
  return {
    amount_subtotal: total('amount_subtotal'),
    amount_total: total('amount_total'),
    discounts: offer ? [{ coupon: null, promotion_code: null, ...offer }] : [],
    line_items: { object: 'list', data: items, has_more: false, url: `/v1/checkout/sessions/${id}/line_items` },
    total_details: { amount_discount: total('amount_discount'), amount_shipping: 0, amount_tax: total('amount_tax') },
  } satisfies Partial<Session>;
}

/** Reckons an open session anew after its order changed. */
export async function reorder(tx: AccountTransaction, session: Session, change: Partial<CheckoutOrder>): Promise<void> {
  const order = { ...session._sandbox.order, ...change };
  const amounts = await sessionAmounts(tx, session.id, order, session.line_items!.data);
  tx.update(session, { ...amounts, _sandbox: { order } });
}

async function couponOf(tx: AccountTransaction, offer: NonNullable<CheckoutOrder['offer']>) {
  if ('coupon' in offer) return tx.find('coupon', offer.coupon);
  const promotion = await tx.find('promotion_code', offer.promotion_code);
  return promotion?.promotion.coupon ? tx.find('coupon', promotion.promotion.coupon) : undefined;
}

function discountItems(items: LineItem[], coupon: Stored<'coupon'>): void {
  const discountable = items.map(({ amount_subtotal, price }) => ({
    amount: amount_subtotal,
    product: price!.product as string,
  }));
  const amounts = discountAmounts(coupon, discountable, items[0]?.currency ?? '');
  for (const [index, item] of items.entries()) {
    item.amount_discount = amounts[index]!;
    item.amount_total = item.amount_subtotal - item.amount_discount;
  }
}
