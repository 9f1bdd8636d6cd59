import type Stripe from 'stripe';
import { newId, randomText } from '../ids.ts';
import type { Stored } from '../objects.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata, metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { boolean, currency, integer, oneOf, text, textLike, timestamp } from '../wire/parameter-kinds.ts';
import { type Every, hash, missingParameter, notModelled, removedIn, required } from '../wire/parameters.ts';
import { activePromotions } from './offer.ts';

const code = textLike(
  (value) => /^[a-z0-9-]{1,500}$/i.test(value),
  () => 'Invalid code: it may contain only letters, digits and dashes',
);

const parameters = {
  active: boolean,
  code,
  // Stripe moved it into `promotion` a year before; its own CLI still sends it.
  coupon: removedIn('2026-09-30.endive', text()),
  customer: text(),
  expires_at: timestamp,
  max_redemptions: integer({ min: 1 }),
  metadata,
  promotion: hash({ coupon: text(), type: required(oneOf('coupon')) }),
  restrictions: hash({
    first_time_transaction: boolean,
    minimum_amount: integer({ min: 1 }),
    minimum_amount_currency: currency,
    ...notModelled('currency_options'),
  }),
  ...notModelled('customer_account'),
} satisfies Every<Stripe.PromotionCodeCreateParams & { coupon: string }>;

export const createPromotionCode = operation(parameters, async (tx, input) => {
  const id = input.promotion?.coupon ?? input.coupon;
  if (!id) throw missingParameter(input.promotion ? 'promotion[coupon]' : 'promotion');
  const coupon = await tx.refer('coupon', id, input.promotion ? 'promotion[coupon]' : 'coupon');
  if (!coupon.valid)
    throw invalidRequest('This coupon has expired or reached its redemption limit.', 'promotion[coupon]');
  if (input.customer) await tx.refer('customer', input.customer, 'customer');
  if (input.expires_at !== undefined && input.expires_at <= tx.now) {
    throw invalidRequest('`expires_at` must be in the future.', 'expires_at');
  }
  const {
    first_time_transaction = false,
    minimum_amount = null,
    minimum_amount_currency = null,
  } = input.restrictions ?? {};
  if (minimum_amount !== null && !minimum_amount_currency) {
    throw missingParameter('restrictions[minimum_amount_currency]');
  }
  const code = input.code ?? randomText(8).toUpperCase();
  const same = (await activePromotions(tx, code)).some(
    ({ customer }) => !customer || !input.customer || customer === input.customer,
  );
  if (same)
    throw invalidRequest(
      `An active promotion code with \`code: ${code}\` already exists.`,
      'code',
      'resource_already_exists',
    );
  const promotion = tx.add<Stored<'promotion_code'>>({
    id: newId('promo_1'),
    object: 'promotion_code',
    active: input.active ?? true,
    code,
    created: tx.now,
    customer: input.customer ?? null,
    customer_account: null,
    expires_at: input.expires_at ?? null,
    livemode: false,
    max_redemptions: input.max_redemptions ?? null,
    metadata: mergeMetadata({}, input.metadata),
    promotion: { coupon: coupon.id, type: 'coupon' },
    restrictions: { first_time_transaction, minimum_amount, minimum_amount_currency },
    times_redeemed: 0,
    _sandbox: { lowerCode: code.toLowerCase() },
  });
  if (input.expires_at) tx.schedule('promotion_code.expire', promotion.id, input.expires_at);
  tx.emit('promotion_code.created', promotion);
  return promotion;
});
