import { publish } from '../../reader/publish.ts';
import { SubscriptionItem } from './subscription-item.entity.ts';
import { SubscriptionItemType } from './subscription-item.type.ts';

export const publishedSubscriptionItem = publish(SubscriptionItemType, SubscriptionItem, () => ({}));
