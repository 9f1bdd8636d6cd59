import { publish } from '../../reader/publish.ts';
import { ReferralReward } from './referral-reward.entity.ts';
import { ReferralRewardType } from './referral-reward.type.ts';

export const publishedReferralReward = publish(ReferralRewardType, ReferralReward, (from) => ({
  amount: from.columns(['amount', 'currency'], ({ amount, currency }) => ({ amount, currency })),
}));
