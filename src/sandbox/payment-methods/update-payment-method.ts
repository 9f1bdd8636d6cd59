import type Stripe from 'stripe';
import { filledAddress } from '../customers/filled-address.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata, metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { integer } from '../wire/parameter-kinds.ts';
import { type Every, hash, notModelled } from '../wire/parameters.ts';
import { allowRedisplay, billingDetails } from './payment-method-parameters.ts';

const parameters = {
  allow_redisplay: allowRedisplay,
  billing_details: billingDetails,
  card: hash({ exp_month: integer({ min: 1, max: 12 }), exp_year: integer({ min: 1_970, max: 2_100 }) }),
  metadata,
  ...notModelled('us_bank_account'),
} satisfies Every<Stripe.PaymentMethodUpdateParams>;

/** Changes a payment method that a customer has. */
export const updatePaymentMethod = operation(parameters, async (tx, input, id) => {
  const method = await tx.get('payment_method', id!, 'payment_method');
  if (!method.customer) {
    throw invalidRequest(
      'You must save this PaymentMethod to a customer before you can update it.',
      'payment_method',
      'payment_method_customer_required',
    );
  }
  const { address, ...billing } = input.billing_details ?? {};
  const previous = tx.update(method, {
    allow_redisplay: input.allow_redisplay,
    billing_details: {
      ...method.billing_details,
      ...billing,
      ...(address !== undefined && { address: filledAddress(address) ?? null }),
    },
    ...(method.card && input.card && { card: { ...method.card, ...input.card } }),
    ...(input.metadata !== undefined && { metadata: mergeMetadata(method.metadata, input.metadata) }),
  });
  if (previous) tx.emit('payment_method.updated', method, previous);
  return method;
});
