import type Stripe from 'stripe';
import { mergeMetadata, metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { text } from '../wire/parameter-kinds.ts';
import type { Every } from '../wire/parameters.ts';
import { currencyOptions } from './coupon-parameters.ts';

const parameters = {
  currency_options: currencyOptions,
  metadata,
  name: text({ max: 40 }),
} satisfies Every<Stripe.CouponUpdateParams>;

/** What a coupon gives is fixed once it is made. */
export const updateCoupon = operation(parameters, async (tx, input, id) => {
  const coupon = await tx.get('coupon', id!, 'coupon');
  const previous = tx.update(coupon, {
    name: input.name,
    ...(input.currency_options && {
      currency_options: { ...coupon.currency_options, ...input.currency_options },
    }),
    ...(input.metadata !== undefined && { metadata: mergeMetadata(coupon.metadata, input.metadata) }),
  });
  if (previous) tx.emit('coupon.updated', coupon, previous);
  return coupon;
});
