/** The kind of lane that brings what a reward comes to into the customer's balance in Stripe, the credit before its clawback. */
export const payoutLanePrefix = 'referral-payout';

export const payoutLaneOf = (rewardId: string) => `${payoutLanePrefix}/${rewardId}`;
