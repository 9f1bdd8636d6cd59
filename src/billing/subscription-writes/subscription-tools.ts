import type { BaseLogger } from 'pino';
import type Stripe from 'stripe';
import type { Operation } from '../../operations/operation.ts';

/** What changes subscriptions. */
export type SubscriptionTools = { stripe: Stripe; operation: Operation; log: Pick<BaseLogger, 'warn'> };

/** Whose subscription it is, as far as the caller may say. */
export type WhichSubscription = {
  subscriptionId: string;
  /** The customer whose token asks, for himself; null where a backend asks. */
  ownCustomerId: string | null;
};
