import type Stripe from 'stripe';
import type { Wire } from '../objects.ts';
import type { CardInput } from '../payment-methods/card-input.ts';

/** What the payer fills in: a card, or the id of a payment method that was made before, or neither where none is asked for. */
export interface Payer {
  email: string;
  name?: string;
  phone?: string;
  address?: Wire<Stripe.Address>;
  card?: CardInput;
  iban?: string;
  method?: string;
  /** Values of the session's custom fields, by key. */
  fields?: Record<string, string>;
  consent?: { promotions?: boolean; terms?: boolean };
  /** Whether the payer passed 3-D Secure. */
  authenticated?: boolean;
}
