/** What becomes of a reward. Who is credited again, since a refund failed or a dispute was won, is CREDITED again. */
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
  /** Stripe refused it for good: the ledger took it back. */
  'PAYOUT_FAILED',
] as const;
export type RewardReason = (typeof rewardReasons)[number];
