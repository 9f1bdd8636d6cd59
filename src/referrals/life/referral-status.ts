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
