import { publish } from '../../reader/publish.ts';
import { viewDiscount } from '../discounts/view-discount.ts';
import { SubscriptionItem } from './subscription-item.entity.ts';
import { SubscriptionItemType } from './subscription-item.type.ts';

export const publishedSubscriptionItem = publish(SubscriptionItemType, SubscriptionItem, (from) => ({
  discounts: from.columns(['discounts'], ({ discounts }) => discounts.map((discount) => viewDiscount(discount, null))),
}));
