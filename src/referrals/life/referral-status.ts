/** What becomes of a referral. */
export const referralStatuses = ['PENDING', 'QUALIFIED', 'CONVERTED', 'REVERSED', 'REJECTED'] as const;
export type ReferralStatus = (typeof referralStatuses)[number];

/** Why a referral was rejected or reversed. */
export const referralReasons = [
  'SAME_EMAIL',
  'SAME_CARD',
  'ALREADY_PAYING',
  'CAP_REACHED',
  'CYCLE',
  'CODE_INACTIVE',
  'PROGRAMME_DISABLED',
  'CURRENCY_MISMATCH',
  'CUSTOMER_DELETED',
  'REFUNDED',
  'DISPUTED',
] as const;
export type ReferralReason = (typeof referralReasons)[number];

/**
 * Rejected by nothing but what was paid. An invoice that was paid earlier and comes to be known later decides anew, so that the end
 * does not depend on which webhook came first.
 */
export const rejectedByInvoices: readonly ReferralReason[] = ['CURRENCY_MISMATCH', 'CUSTOMER_DELETED'];
