import type Stripe from 'stripe';
import { captureCharge } from '../charges/decide-charge.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata, metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { boolean, text } from '../wire/parameter-kinds.ts';
import { type Every, notModelled } from '../wire/parameters.ts';
import { succeedPayment } from './attempt-payment.ts';
import { followPayment } from './follow-payment.ts';
import { amount } from './intent-parameters.ts';
import { refuseUnexpectedState } from './intent-state.ts';

const parameters = {
  amount_to_capture: amount,
  final_capture: boolean,
  metadata,
  statement_descriptor: text({ max: 22 }),
  statement_descriptor_suffix: text({ max: 22 }),
  ...notModelled('amount_details', 'application_fee_amount', 'hooks', 'payment_details', 'transfer_data'),
} satisfies Every<Stripe.PaymentIntentCaptureParams>;

/** Takes the money that was held, or a part of it; the rest is released. */
export const capturePaymentIntent = operation(parameters, async (tx, input, id) => {
  const intent = await tx.get('payment_intent', id!, 'intent');
  refuseUnexpectedState(intent, 'capture', ['requires_capture']);
  const taken = input.amount_to_capture ?? intent.amount_capturable;
  if (taken > intent.amount_capturable) {
    throw invalidRequest(
      `The amount to capture (${taken}) is greater than the amount that can be captured (${intent.amount_capturable}).`,
      'amount_to_capture',
      'amount_too_large',
    );
  }
  const { statement_descriptor, statement_descriptor_suffix } = input;
  tx.update(intent, { statement_descriptor, statement_descriptor_suffix });
  if (input.metadata !== undefined) tx.update(intent, { metadata: mergeMetadata(intent.metadata, input.metadata) });
  const charge = await tx.get('charge', intent.latest_charge!);
  captureCharge(tx, charge, await tx.get('payment_method', intent.payment_method!), taken);
  succeedPayment(tx, intent, charge);
  await followPayment(tx, intent);
  return intent;
});
