import type Stripe from 'stripe';
import { succeedPayment } from '../payments/attempt-payment.ts';
import { followPayment } from '../payments/follow-payment.ts';
import { amount } from '../payments/intent-parameters.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { email, text } from '../wire/parameter-kinds.ts';
import { type Every, notModelled } from '../wire/parameters.ts';
import { captureCharge } from './decide-charge.ts';

const parameters = {
  amount,
  receipt_email: email,
  statement_descriptor: text({ max: 22 }),
  statement_descriptor_suffix: text({ max: 22 }),
  transfer_group: text(),
  ...notModelled('application_fee', 'application_fee_amount', 'transfer_data'),
} satisfies Every<Stripe.ChargeCaptureParams>;

/** Takes the money that a charge holds, or a part of it. */
export const captureHeldCharge = operation(parameters, async (tx, { amount: wanted, ...input }, id) => {
  const charge = await tx.get('charge', id!, 'charge');
  if (charge.status !== 'succeeded' || charge.refunded) {
    throw invalidRequest(`Charge ${charge.id} holds no money that could be captured.`);
  }
  if (charge.captured) {
    throw invalidRequest(`Charge ${charge.id} has already been captured.`, undefined, 'charge_already_captured');
  }
  const taken = wanted ?? charge.amount;
  if (taken > charge.amount) {
    throw invalidRequest(
      `The amount to capture (${taken}) is greater than the charge (${charge.amount}).`,
      'amount',
      'amount_too_large',
    );
  }
  tx.update(charge, input);
  captureCharge(tx, charge, await tx.get('payment_method', charge.payment_method!), taken);
  const intent = charge.payment_intent ? await tx.find('payment_intent', charge.payment_intent) : undefined;
  if (intent) {
    succeedPayment(tx, intent, charge);
    await followPayment(tx, intent);
  }
  return charge;
});
