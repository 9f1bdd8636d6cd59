import type { Sealer } from './sealing/sealing.ts';
import type { StripeConnections } from './stripe/stripe-connections.ts';

/** What is the same for every request: where this server and Stripe are, and what opens secrets. */
export type Installation = {
  /** Where Stripe and browsers reach this server, without a slash at the end. */
  publicUrl: string;
  stripeApiUrl: string;
  /** Whether users may name addresses of private networks. */
  allowPrivateAddresses: boolean;
  sealer: Sealer;
  connections: StripeConnections;
};
