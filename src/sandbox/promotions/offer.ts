import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { ApiError, invalidRequest, resourceMissing } from '../wire/api-error.ts';
import { text } from '../wire/parameter-kinds.ts';
import { hash, list, nested } from '../wire/parameters.ts';

/** A coupon that can be redeemed now, and the code that gave it where one did. */
export interface Offer {
  coupon: Stored<'coupon'>;
  promotion: Stored<'promotion_code'> | undefined;
}

interface OfferInput {
  coupon?: string;
  promotion_code?: string;
}

/** Who redeems, and what: an offer may be for some only. */
export interface Redeemer {
  customer: Stored<'customer'> | undefined;
  currency?: string | null;
  /** What is bought, in minor units of the currency. */
  amount?: number;
}

/** `discounts` where new ones are given: `[{coupon}, {promotion_code}]`. */
export const offers = list(hash({ coupon: text(), promotion_code: text() }), { max: 20 });

/** The coupon that the parameter `param` names by itself or by a promotion code, if the redeemer may have it. */
export async function offerOf(
  tx: AccountTransaction,
  { coupon: couponId, promotion_code }: OfferInput,
  redeemer: Redeemer,
  param: string,
): Promise<Offer> {
  if (!couponId === !promotion_code) {
    const message = couponId
      ? 'You may only specify one of these parameters: coupon, promotion_code.'
      : 'You must specify one of these parameters: coupon, promotion_code.';
    throw invalidRequest(message, param, couponId ? undefined : 'parameter_missing');
  }
  const promotion = promotion_code
    ? await tx.refer('promotion_code', promotion_code, nested(param, 'promotion_code'))
    : undefined;
  const at = nested(param, promotion ? 'promotion_code' : 'coupon');
  const coupon = await tx.refer('coupon', couponId ?? promotion!.promotion.coupon!, at);
  await refuseUnredeemable(tx, { coupon, promotion }, redeemer, at);
  return { coupon, promotion };
}

/** The offer of a code as a payer types it. */
export async function offerOfCode(tx: AccountTransaction, code: string, redeemer: Redeemer): Promise<Offer> {
  const fits = await activePromotions(tx, code);
  const own = fits.find(({ customer }) => customer && customer === redeemer.customer?.id);
  const promotion = own ?? fits.find(({ customer }) => !customer) ?? fits[0];
  if (!promotion) throw resourceMissing('promotion code', code, 'promotion_code', 400);
  return offerOf(tx, { promotion_code: promotion.id }, redeemer, '');
}

/** Codes are the same whatever the case; those for one customer alone may be given to others too. */
export function activePromotions(tx: AccountTransaction, code: string): Promise<Stored<'promotion_code'>[]> {
  return tx.all('promotion_code', { active: true, '_sandbox.lowerCode': code.toLowerCase() });
}

async function refuseUnredeemable(
  tx: AccountTransaction,
  { coupon, promotion }: Offer,
  { customer, currency, amount }: Redeemer,
  param: string,
) {
  const refusal = (message: string, code: string) =>
    new ApiError(400, { type: 'invalid_request_error', code, message, param });
  if (promotion && !promotion.active) throw refusal('This promotion code is inactive.', 'promotion_code_inactive');
  if (!coupon.valid || (coupon.redeem_by !== null && coupon.redeem_by <= tx.now)) {
    throw refusal(`Coupon expired: ${coupon.id}`, 'coupon_expired');
  }
  if (currency && coupon.amount_off && coupon.currency !== currency && !coupon.currency_options?.[currency]) {
    throw refusal(`The coupon ${coupon.id} is in ${coupon.currency}, not in ${currency}.`, 'coupon_currency_mismatch');
  }
  if (!promotion) return;
  if (promotion.customer && promotion.customer !== customer?.id) {
    throw refusal('This promotion code cannot be redeemed by this customer.', 'promotion_code_customer_mismatch');
  }
  const { first_time_transaction, minimum_amount, minimum_amount_currency } = promotion.restrictions;
  if (first_time_transaction && customer && (await hasPaid(tx, customer.id))) {
    throw refusal(
      'This promotion code cannot be redeemed because the associated customer has prior transactions.',
      'promotion_code_not_first_time',
    );
  }
  if (
    minimum_amount !== null &&
    amount !== undefined &&
    (currency !== minimum_amount_currency || amount < minimum_amount)
  ) {
    throw refusal(
      'This promotion code cannot be redeemed because the minimum amount is not met.',
      'promotion_code_minimum_not_met',
    );
  }
}

async function hasPaid(tx: AccountTransaction, customer: string): Promise<boolean> {
  const [charge] = await tx.all('charge', { customer, paid: true });
  return charge !== undefined;
}
