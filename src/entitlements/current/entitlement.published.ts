import { publish } from '../../reader/publish.ts';
import { Entitlement } from './entitlement.entity.ts';
import { EntitlementType, FeatureAccessType } from './entitlement.type.ts';
import { FeatureAccess } from './feature-access.entity.ts';

export const publishedEntitlement = publish(
  EntitlementType,
  Entitlement,
  (from) => ({ limit: from.columns(['limitValue'], ({ limitValue }) => limitValue) }),
  { visible: { lacking: 'absent' } },
);

export const publishedFeatureAccess = publish(FeatureAccessType, FeatureAccess, (from) => ({
  allowed: from.columns(['has'], ({ has }) => has),
  limit: from.columns(['limitValue'], ({ limitValue }) => limitValue),
}));
