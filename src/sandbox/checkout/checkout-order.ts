import type Stripe from 'stripe';
import type { Wire } from '../objects.ts';

/** What a session will do when it is paid: Stripe keeps this to itself until then. */
export interface CheckoutOrder {
  lines: { price: string; quantity: number | undefined }[];
  subscription: {
    metadata: Record<string, string>;
    description: string | null;
    trial: { days: number } | { end: number } | null;
    trialSettings: Wire<Stripe.Subscription.TrialSettings> | null;
  };
  payment: Partial<Wire<Stripe.PaymentIntent>>;
  /** The payment that a declined card left to be tried again. */
  paymentIntent: string | null;
}
