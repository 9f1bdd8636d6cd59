/**
 * - PENDING: Stripe has not been asked to count it.
 * - ASKED: Stripe is being asked, or was, and nobody knows its answer: it is asked again, by the same identifier.
 * - COUNTED: Stripe has it.
 * - FAILED: Stripe refused it, or nobody can know whether it was counted.
 * - DROPPED: it was voided before Stripe had it.
 */
export const forwardingStates = ['PENDING', 'ASKED', 'COUNTED', 'FAILED', 'DROPPED'] as const;
export type ForwardingState = (typeof forwardingStates)[number];
