import { publish } from '../reader/publish.ts';
import { Subscription } from './subscription.entity.ts';
import { SubscriptionType } from './subscription.type.ts';
import { statusesWithAccess } from './subscription-status.ts';

export const publishedSubscription = publish(SubscriptionType, Subscription, (from) => ({
  hasAccess: from.columns(['status'], ({ status }) => statusesWithAccess.includes(status)),
}));
