import type Stripe from 'stripe';
import type { Wire } from '../objects.ts';
import type { Payer } from './payer.ts';

/** What a session will do when it is paid: Stripe keeps this to itself until then. */
export interface CheckoutOrder {
  lines: OrderLine[];
  /** In which the prices are charged; null where nothing is sold. */
  currency: string | null;
  /** The coupon or promotion code that lowers the price. */
  offer: { coupon: string } | { promotion_code: string } | null;
  /** Where the payer is, as far as it is known; null where nothing is taxed. */
  tax?: { country: string | null } | null;
  subscription: {
    metadata: Record<string, string>;
    description: string | null;
    trial: { days: number } | { end: number } | null;
    trialSettings: Wire<Stripe.Subscription.TrialSettings> | null;
  };
  payment: Partial<Wire<Stripe.PaymentIntent>>;
  /** What the payer may change of a customer that was known before. */
  customerUpdate: { address?: 'auto' | 'never'; name?: 'auto' | 'never' };
  /** The payment or setup intent that a declined card left to be tried again, or that waits for 3-D Secure. */
  intent: string | null;
  /** Who waits for 3-D Secure. */
  payer: Payer | null;
}

export interface OrderLine {
  price: string;
  quantity: number | undefined;
  /** Between which the payer may choose. */
  adjustable?: { minimum: number; maximum: number };
}
