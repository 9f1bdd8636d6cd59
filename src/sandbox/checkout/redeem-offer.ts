import type { Stored } from '../objects.ts';
import { countRedemption, newDiscount } from '../promotions/new-discount.ts';
import { type Offer, offerOf } from '../promotions/offer.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

type Session = Stored<'checkout.session'>;

/** Counts the session's coupon as redeemed, for a single payment. */
export async function redeemOffer(tx: AccountTransaction, session: Session): Promise<void> {
  const offer = await sessionOffer(tx, session);
  if (offer) countRedemption(tx, offer);
}

/** Redeems the session's coupon for the subscription it starts; answers the ids that the subscription carries. */
export async function discountSubscription(
  tx: AccountTransaction,
  session: Session,
  customer: Stored<'customer'>,
  subscription: string,
): Promise<string[]> {
  const offer = await sessionOffer(tx, session);
  if (!offer) return [];
  return [newDiscount(tx, offer, { checkout_session: session.id, customer: customer.id, subscription }).id];
}

/** What was on the page is kept, though it ran out meanwhile. */
async function sessionOffer(tx: AccountTransaction, { _sandbox }: Session): Promise<Offer | undefined> {
  const { offer } = _sandbox.order;
  if (!offer) return undefined;
  return offerOf(tx, offer, { customer: undefined }, 'discounts').catch(() => undefined);
}
