/**
 * Between which accounts referral credit moves. An amount above zero debits an account, one below zero credits it.
 * - REFERRAL_EXPENSE: what the project spends on rewards.
 * - CUSTOMER_CREDIT: what the project owes a customer and Stripe does not hold yet, below zero; above zero, what is to be taken back.
 * - STRIPE_BALANCE: what was put on the customer's balance in Stripe, below zero, as Stripe counts credit.
 */
export const ledgerAccounts = ['REFERRAL_EXPENSE', 'CUSTOMER_CREDIT', 'STRIPE_BALANCE'] as const;
export type LedgerAccount = (typeof ledgerAccounts)[number];

/**
 * Why entries were written.
 * - CREDIT: a reward was earned.
 * - CLAWBACK: what earned it was paid back.
 * - PAYOUT: Stripe has put a credit on the customer's balance, or has taken a clawback from it.
 * - REVERSAL: Stripe refuses to: the credit, or the clawback, is undone.
 * - RETRY: Stripe is asked for it again: the reversal is undone.
 */
export const ledgerKinds = ['CREDIT', 'CLAWBACK', 'PAYOUT', 'REVERSAL', 'RETRY'] as const;
export type LedgerKind = (typeof ledgerKinds)[number];
