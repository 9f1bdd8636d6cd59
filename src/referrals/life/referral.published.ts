import { publish } from '../../reader/publish.ts';
import { Referral } from './referral.entity.ts';
import { ReferralType } from './referral.type.ts';

export const publishedReferral = publish(ReferralType, Referral, () => ({}));
