import type Stripe from 'stripe';
import { badInput, notFound } from '../../errors.ts';
import { nameFields } from '../../stripe/input-fields.ts';

/**
 * The promotion codes of this text, whatever its case: those that were, and those for some customer alone. Their coupons are there.
 * Stripe is asked: call it outside of transactions.
 */
export async function listPromotionCodes(
  { stripe }: { stripe: Stripe },
  code: string,
): Promise<Stripe.PromotionCode[]> {
  const asked = { code: code.trim(), limit: 100, expand: ['data.promotion.coupon'] };
  const { data } = await stripe.promotionCodes.list(asked).catch((failure) => {
    throw nameFields(failure, { code: 'promotionCode' });
  });
  return data;
}

/**
 * Which of them the buyer may redeem. What Stripe alone knows (whether it is a first order) Stripe decides.
 * @returns Stripe's id of it.
 * @throws Refusal NOT_FOUND where there is none, or only for others; BAD_USER_INPUT where it can be redeemed no more.
 */
export function choosePromotionCode(codes: Stripe.PromotionCode[], stripeCustomerId: string | null): string {
  const forBuyer = codes.filter(({ customer }) => customer === null || customer === stripeCustomerId);
  if (!forBuyer.length) throw notFound('promotion code', 'promotionCode');
  const redeemable = forBuyer.filter(isRedeemable);
  const own = redeemable.find(({ customer }) => customer !== null);
  const chosen = own ?? redeemable[0];
  if (chosen) return chosen.id;
  throw badInput('This promotion code has expired or was used up. Leave it out, or name another.', 'promotionCode');
}

function isRedeemable({ active, expires_at, promotion }: Stripe.PromotionCode): boolean {
  const { coupon } = promotion;
  const isValid = coupon === null || typeof coupon === 'string' || coupon.valid;
  return active && isValid && (expires_at === null || expires_at * 1000 > Date.now());
}
