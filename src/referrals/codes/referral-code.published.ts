import { publish } from '../../reader/publish.ts';
import { ReferralCode } from './referral-code.entity.ts';
import { ReferralCodeType } from './referral-code.type.ts';

export const publishedReferralCode = publish(ReferralCodeType, ReferralCode, (from) => ({
  active: from.columns(['deactivatedAt'], ({ deactivatedAt }) => !deactivatedAt),
}));
