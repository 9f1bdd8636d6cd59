import type Stripe from 'stripe';
import { filledAddress } from '../customers/filled-address.ts';
import type { Stored } from '../objects.ts';
import { shipping } from '../payments/intent-parameters.ts';
import { mergeMetadata, metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { email, oneOf, text } from '../wire/parameter-kinds.ts';
import { type Every, hash, required } from '../wire/parameters.ts';

const parameters = {
  customer: text(),
  description: text({ max: 1_000 }),
  fraud_details: hash({ user_report: required(oneOf('fraudulent', 'safe')) }),
  metadata,
  receipt_email: email,
  shipping,
  transfer_group: text(),
} satisfies Every<Stripe.ChargeUpdateParams>;

export const updateCharge = operation(parameters, async (tx, { metadata, shipping, ...input }, id) => {
  const charge = await tx.get('charge', id!, 'charge');
  if (input.customer) await tx.refer('customer', input.customer, 'customer');
  const previous = tx.update(charge, {
    ...input,
    ...(metadata !== undefined && { metadata: mergeMetadata(charge.metadata, metadata) }),
    ...(shipping && {
      shipping: { ...shipping, address: filledAddress(shipping.address)! } as Stored<'charge'>['shipping'],
    }),
  });
  if (previous) tx.emit('charge.updated', charge, previous);
  return charge;
});
