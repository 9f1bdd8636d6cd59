import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { addIntervals } from '../subscriptions/billing-period.ts';
import type { Offer } from './offer.ts';

type Discount = Stored<'discount'>;

/** Redeems an offer for a customer or a subscription, and says so by `customer.discount.created`. */
export function newDiscount(tx: AccountTransaction, offer: Offer, given: Partial<Discount>): Discount {
  const { coupon, promotion } = offer;
  countRedemption(tx, offer);
  const months = coupon.duration === 'repeating' ? coupon.duration_in_months : null;
  const discount = tx.add<Discount>({
    id: newId('di_1'),
    object: 'discount',
    checkout_session: null,
    customer: null,
    customer_account: null,
    end: months ? addIntervals(tx.now, { interval: 'month', interval_count: months }) : null,
    invoice: null,
    invoice_item: null,
    promotion_code: promotion?.id ?? null,
    source: { coupon: coupon.id, type: 'coupon' },
    start: tx.now,
    subscription: null,
    subscription_item: null,
    ...given,
    _sandbox: { coupon: structuredClone(coupon) },
  });
  tx.schedule('discount.end', discount.id, discount.end);
  if (discount.customer) tx.emit('customer.discount.created', discount);
  return discount;
}

/** A coupon or code that was redeemed as often as it may be is over. */
export function countRedemption(tx: AccountTransaction, { coupon, promotion }: Offer): void {
  const times = coupon.times_redeemed + 1;
  tx.update(coupon, { times_redeemed: times, valid: coupon.valid && times !== coupon.max_redemptions });
  if (!promotion) return;
  const uses = promotion.times_redeemed + 1;
  tx.update(promotion, { active: promotion.active && uses !== promotion.max_redemptions, times_redeemed: uses });
}
