import type Stripe from 'stripe';

/** A meter event as the sandbox keeps it: Stripe's has no id, and does not say whose it is but in its payload. */
export interface KeptMeterEvent extends Stripe.Billing.MeterEvent {
  /** The event's name and identifier, which are unique together. */
  id: string;
  customer: string;
  meter: string;
  value: number;
  canceled: boolean;
}
