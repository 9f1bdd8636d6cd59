/** What becomes of a reward. Where a refund fails or a dispute is won after it was clawed back, another one is credited. */
export const rewardStatuses = ['HELD', 'CREDITED', 'CLAWED_BACK', 'CANCELED'] as const;
export type RewardStatus = (typeof rewardStatuses)[number];

export const beneficiaries = ['REFERRER', 'REFEREE'] as const;
export type Beneficiary = (typeof beneficiaries)[number];

/** Why a reward is not, or no longer, credited. */
export const rewardReasons = [
  'REFUNDED',
  'DISPUTED',
  'CURRENCY_MISMATCH',
  'CUSTOMER_DELETED',
  /** An invoice that was paid earlier came to be known: it is that one which is rewarded. */
  'NOT_AMONG_FIRST',
  'REFERRAL_REJECTED',
] as const;
export type RewardReason = (typeof rewardReasons)[number];
