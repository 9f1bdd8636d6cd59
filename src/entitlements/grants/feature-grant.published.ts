import { publish } from '../../reader/publish.ts';
import { FeatureGrant } from './feature-grant.entity.ts';
import { FeatureGrantType } from './feature-grant.type.ts';

export const publishedFeatureGrant = publish(FeatureGrantType, FeatureGrant, (from) => ({
  limit: from.columns(['limitValue'], ({ limitValue }) => limitValue),
  active: from.columns(['startsAt', 'expiresAt', 'revokedAt'], ({ startsAt, expiresAt, revokedAt }) => {
    const now = new Date();
    return !revokedAt && startsAt <= now && (!expiresAt || expiresAt > now);
  }),
}));
