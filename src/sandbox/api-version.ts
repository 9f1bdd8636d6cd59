import type Stripe from 'stripe';

/** The one version whose shapes the sandbox answers and sends. An upgrade of the SDK makes this line a compile error. */
export const apiVersion: Stripe.LatestApiVersion = '2026-10-28.endive';

/** What an account's requests without a `Stripe-Version` header mean: the newest version that Stripe's own CLI was made for. */
export const defaultRequestVersion = '2026-08-26.dahlia';
