import type Stripe from 'stripe';
import { moneyLabel } from '../catalog/price-label.ts';
import type { Stored } from '../objects.ts';
import { testCard } from '../payment-methods/test-cards.ts';
import { amount } from '../payments/intent-parameters.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata, metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { oneOf, text } from '../wire/parameter-kinds.ts';
import { type Every, missingParameter, notModelled, type Values } from '../wire/parameters.ts';
import { newRefund } from './new-refund.ts';

const parameters = {
  amount,
  charge: text(),
  metadata,
  payment_intent: text(),
  reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
  ...notModelled('currency', 'customer', 'instructions_email', 'origin', 'refund_application_fee', 'reverse_transfer'),
} satisfies Every<Stripe.RefundCreateParams>;

/** Gives a charge back, all that is left of it unless an amount is given. */
export const createRefund = operation(parameters, async (tx, input) => {
  const charge = await refundedCharge(tx, input);
  const left = charge.amount_captured - charge.amount_refunded;
  if (charge.refunded || left <= 0) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, undefined, 'charge_already_refunded');
  }
  if (charge.disputed && !(await isInquiry(tx, charge))) {
    throw invalidRequest(
      `Charge ${charge.id} has been charged back; cannot issue a refund.`,
      undefined,
      'charge_disputed',
    );
  }
  const wanted = input.amount ?? left;
  if (wanted > left) {
    const label = (cents: number) => moneyLabel(cents, charge.currency);
    throw invalidRequest(
      `Refund amount (${label(wanted)}) is greater than unrefunded amount on charge (${label(left)})`,
      'amount',
    );
  }
  const method = charge.payment_method ? await tx.find('payment_method', charge.payment_method) : undefined;
  const { refund: course } = method?.type === 'card' ? testCard(method._sandbox.number) : {};
  const refund = newRefund(tx, charge, {
    amount: wanted,
    metadata: mergeMetadata({}, input.metadata),
    reason: input.reason ?? null,
    ...(course === 'pending' && { pending_reason: 'processing', status: 'pending' }),
  });
  if (course) tx.schedule('refund.settle', refund.id, tx.now + 1);
  return refund;
});

async function refundedCharge(
  tx: AccountTransaction,
  { charge, payment_intent }: Pick<Values<typeof parameters>, 'charge' | 'payment_intent'>,
): Promise<Stored<'charge'>> {
  if (charge && payment_intent) {
    throw invalidRequest('You may only specify one of these parameters: charge, payment_intent.', 'payment_intent');
  }
  if (charge) return chargeToRefund(await tx.refer('charge', charge, 'charge'));
  if (!payment_intent) throw missingParameter('payment_intent');
  const intent = await tx.refer('payment_intent', payment_intent, 'payment_intent');
  const latest = intent.status === 'succeeded' && intent.latest_charge;
  if (!latest) {
    const message = `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`;
    throw invalidRequest(message, 'payment_intent', 'payment_intent_unexpected_state');
  }
  return tx.get('charge', latest);
}

function chargeToRefund(charge: Stored<'charge'>): Stored<'charge'> {
  if (charge.captured && charge.status === 'succeeded') return charge;
  throw invalidRequest(`Charge ${charge.id} has not been captured, so there is nothing to refund.`, 'charge');
}

async function isInquiry(tx: AccountTransaction, charge: Stored<'charge'>): Promise<boolean> {
  const [dispute] = await tx.all('dispute', { charge: charge.id });
  return dispute?.is_charge_refundable ?? true;
}
