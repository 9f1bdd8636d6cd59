import type Stripe from 'stripe';
import { mergeMetadata, metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { type Every, notModelled } from '../wire/parameters.ts';

const parameters = {
  metadata,
  ...notModelled('collected_information', 'line_items', 'payment_intent_data', 'shipping_options'),
} satisfies Every<Stripe.Checkout.SessionUpdateParams>;

export const updateSession = operation(parameters, async (tx, input, id) => {
  const session = await tx.get('checkout.session', id!, 'session');
  if (input.metadata !== undefined) tx.update(session, { metadata: mergeMetadata(session.metadata, input.metadata) });
  return session;
});
