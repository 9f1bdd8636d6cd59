import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { missingParameter, type Values } from '../wire/parameters.ts';
import { couponParameters } from './coupon-parameters.ts';

type Input = Values<typeof couponParameters>;

export const createCoupon = operation(couponParameters, async (tx, input) => {
  refuseMisfits(tx, input);
  if (input.id && (await tx.find('coupon', input.id))) {
    throw invalidRequest('Coupon already exists.', 'id', 'resource_already_exists');
  }
  for (const product of input.applies_to?.products ?? []) await tx.refer('product', product, 'applies_to[products]');
  const coupon = tx.add<Stored<'coupon'>>({
    id: input.id ?? newId('', 8),
    object: 'coupon',
    amount_off: input.amount_off ?? null,
    ...(input.applies_to?.products && { applies_to: { products: input.applies_to.products } }),
    created: tx.now,
    currency: input.amount_off ? input.currency! : null,
    ...(input.currency_options && { currency_options: input.currency_options }),
    duration: input.duration ?? 'once',
    duration_in_months: input.duration_in_months ?? null,
    livemode: false,
    max_redemptions: input.max_redemptions ?? null,
    metadata: mergeMetadata({}, input.metadata),
    name: input.name ?? null,
    percent_off: input.percent_off ?? null,
    redeem_by: input.redeem_by ?? null,
    times_redeemed: 0,
    valid: true,
  });
  if (input.redeem_by) tx.schedule('coupon.expire', coupon.id, input.redeem_by);
  tx.emit('coupon.created', coupon);
  return coupon;
});

function refuseMisfits(tx: AccountTransaction, input: Input) {
  if (!input.percent_off === !input.amount_off) {
    if (!input.percent_off) throw missingParameter('percent_off');
    throw invalidRequest('You may only specify one of these parameters: amount_off, percent_off.', 'amount_off');
  }
  if (input.amount_off && !input.currency) {
    throw invalidRequest('You must pass currency when passing amount_off.', 'currency', 'parameter_missing');
  }
  const repeats = input.duration === 'repeating';
  if (repeats && !input.duration_in_months) throw missingParameter('duration_in_months');
  if (!repeats && input.duration_in_months) {
    throw invalidRequest('`duration_in_months` can only be set when `duration` is `repeating`.', 'duration_in_months');
  }
  if (input.redeem_by !== undefined && input.redeem_by <= tx.now) {
    throw invalidRequest('`redeem_by` must be in the future.', 'redeem_by');
  }
}
