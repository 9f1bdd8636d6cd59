import { publish } from '../../reader/publish.ts';
import { viewDiscount } from '../discounts/view-discount.ts';
import { Subscription } from './subscription.entity.ts';
import { SubscriptionType } from './subscription.type.ts';
import { type SubscriptionStatus, statusesWithAccess } from './subscription-status.ts';

type Standing = { status: SubscriptionStatus; graceEndsAt: Date | null };

export const publishedSubscription = publish(SubscriptionType, Subscription, (from) => ({
  hasAccess: from.columns(
    ['status', 'graceEndsAt'],
    (standing) =>
      statusesWithAccess.includes(standing.status) && (standing.status !== 'PAST_DUE' || isInGrace(standing)),
  ),
  isTrialing: from.columns(['status'], ({ status }) => status === 'TRIALING'),
  inGracePeriod: from.columns(['status', 'graceEndsAt'], isInGrace),
  willRenew: from.columns(
    ['status', 'cancelAtPeriodEnd', 'cancelAt', 'currentPeriodEnd'],
    ({ status, cancelAtPeriodEnd, cancelAt, currentPeriodEnd }) =>
      statusesWithAccess.includes(status) &&
      !cancelAtPeriodEnd &&
      (cancelAt === null || (currentPeriodEnd !== null && cancelAt > currentPeriodEnd)),
  ),
  discounts: from.columns(['discounts', 'currency'], ({ discounts, currency }) =>
    discounts.map((discount) => viewDiscount(discount, currency)),
  ),
  pendingChange: from.first('pendingChanges', { prefer: {} }),
  latestInvoice: from.first('invoices', { prefer: {} }),
}));

function isInGrace({ status, graceEndsAt }: Standing): boolean {
  return status === 'PAST_DUE' && (graceEndsAt === null || graceEndsAt > new Date());
}
