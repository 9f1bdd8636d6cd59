/** Which way the money goes: to the customer's balance in Stripe, or back from it. */
export const payoutKinds = ['CREDIT', 'CLAWBACK'] as const;
export type PayoutKind = (typeof payoutKinds)[number];

/**
 * - PENDING: Stripe has not been asked, or has certainly not done it and is asked again.
 * - ASKED: Stripe is being asked, or was, and nobody knows its answer: it is asked again, by the same idempotency key.
 * - DONE: it is in the customer's balance in Stripe.
 * - FAILED: Stripe refuses it, and what the ledger said of it is reversed. Only a person has it asked for again.
 * - CANCELED: what it was for ended before Stripe had it.
 */
export const payoutStates = ['PENDING', 'ASKED', 'DONE', 'FAILED', 'CANCELED'] as const;
export type PayoutState = (typeof payoutStates)[number];
