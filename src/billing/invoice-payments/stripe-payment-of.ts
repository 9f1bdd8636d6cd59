import type Stripe from 'stripe';
import { idOf } from '../../ingestion/mirror/seen.ts';

/** Stripe's id of the PaymentIntent that pays; null where something else does. */
export function stripePaymentOf(link: Pick<Stripe.InvoicePayment, 'payment'> | null): string | null {
  const intent = link?.payment.payment_intent;
  return intent ? idOf(intent) : null;
}
