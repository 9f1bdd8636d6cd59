import { publish } from '../../reader/publish.ts';
import { ReferralPayout } from './referral-payout.entity.ts';
import { ReferralPayoutType } from './referral-payout.type.ts';

export const publishedReferralPayout = publish(ReferralPayoutType, ReferralPayout, (from) => ({
  amount: from.columns(['amount', 'currency'], ({ amount, currency }) => ({ amount, currency })),
}));
