import { aCharge, aDispute, aFailedCharge, aPaymentMethod } from '../webhooks/payment-objects.ts';
import type { Common, Step } from './money-in-motion.ts';
import type { Random } from './random.ts';
import type { StripeObject } from './stripe-in-motion.ts';

type Paying = Common & { customer: string; objects: ReadonlyMap<string, StripeObject> };

/** A payment fails a few times, each with a charge of its own, and succeeds. Then it is refunded, and disputed. */
export function nextOfPayment(
  random: Random,
  id: string,
  before: StripeObject | undefined,
  { at, metadata, customer, objects }: Paying,
): Step[] {
  if (before?.status === 'succeeded') return nextOfPaid(random, before, { at, metadata, objects });
  const amount = before?.amount ?? 1_000 + 100 * random.below(500);
  const attempts = (before?.attempts ?? 0) + 1;
  const payer = before?.customer ?? customer;
  const charge = `ch_${id}_${attempts}`;
  const ofBoth = { created: at, amount, currency: 'eur', customer: payer, livemode: true, metadata };
  const payment = {
    ...ofBoth,
    id,
    object: 'payment_intent',
    created: before?.created ?? at,
    latest_charge: charge,
    payment_method: null,
    canceled_at: null,
    cancellation_reason: null,
    attempts,
  };
  if (random.chance(0.5)) {
    const last_payment_error = { type: 'card_error', code: 'card_declined', message: 'Declined.', charge };
    const fields = { status: 'requires_payment_method', amount_received: 0, last_payment_error };
    return [
      { what: 'failed', object: aFailedCharge(charge, { ...ofBoth, payment_intent: id }) },
      { what: 'payment_failed', object: { ...payment, ...fields } },
    ];
  }
  const fields = { status: 'succeeded', amount_received: amount, last_payment_error: null };
  return [
    { what: 'succeeded', object: aCharge(charge, { ...ofBoth, payment_intent: id, amount_captured: amount }) },
    { what: 'succeeded', object: { ...payment, ...fields } },
  ];
}

function nextOfPaid(
  random: Random,
  payment: StripeObject,
  { at, metadata, objects }: Common & Pick<Paying, 'objects'>,
): Step[] {
  const charge = objects.get(payment.latest_charge)!;
  const dispute = objects.get(`du_${charge.id}`);
  const dice = random.next();
  if (dice < 0.3) return [{ what: 'updated', object: { ...payment, metadata } }];
  if (dice < 0.6) return refund(charge, random.below(charge.amount - charge.amount_refunded + 1));
  if (dice < 0.75) return failRefund(charge, random.below(charge.amount_refunded + 1), at);
  const ofDispute = { charge: charge.id, payment_intent: payment.id, amount: charge.amount, currency: 'eur' };
  if (!dispute)
    return [
      // No event of the charge tells it.
      { what: null, object: { ...charge, disputed: true } },
      {
        what: 'created',
        object: aDispute(`du_${charge.id}`, { ...ofDispute, created: at, livemode: true, metadata }),
      },
    ];
  if (['won', 'lost'].includes(dispute.status)) return [{ what: 'updated', object: { ...dispute, metadata } }];
  if (random.chance(0.5)) return [{ what: 'updated', object: { ...dispute, status: 'under_review', metadata } }];
  return [{ what: 'closed', object: { ...dispute, status: random.pick(['won', 'lost']), metadata } }];
}

function refund(charge: StripeObject, amount: number): Step[] {
  const amount_refunded = charge.amount_refunded + amount;
  return [{ what: 'refunded', object: { ...charge, amount_refunded, refunded: amount_refunded === charge.amount } }];
}

/** The money comes back, and only the refund's own event tells it. */
function failRefund(charge: StripeObject, amount: number, at: number): Step[] {
  const told = { id: `re_${charge.id}_${at}`, object: 'refund', charge: charge.id, amount, status: 'failed' };
  const object = { ...charge, amount_refunded: charge.amount_refunded - amount };
  return [{ what: 'failed', object: { ...object, refunded: object.amount_refunded === charge.amount }, told }];
}

/** A card is attached, changes, and at last leaves its customer. */
export function nextOfMethod(
  random: Random,
  id: string,
  before: StripeObject | undefined,
  { at, metadata, customer }: Common & { customer: string },
): Step[] {
  const card = { brand: 'visa', last4: '4242', exp_month: 1 + random.below(12), exp_year: 2030, fingerprint: id };
  if (!before)
    return [
      { what: 'attached', object: aPaymentMethod(id, { created: at, livemode: true, customer, card, metadata }) },
    ];
  if (before.customer === null) return [{ what: 'updated', object: { ...before, metadata } }];
  if (random.chance(0.1)) return [{ what: 'detached', object: { ...before, customer: null, metadata } }];
  return [{ what: 'updated', object: { ...before, card, metadata } }];
}
