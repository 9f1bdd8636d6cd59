import type { Price } from '../catalog/price.entity.ts';
import { formatMoney } from '../graphql/format-money.ts';
import type { PortalSubscriptionFragment } from '../portal/documents.generated.ts';
import type { Offer } from '../portal-pages/plan-pages.ts';

/**
 * What a subscription can change to of all that the project offers: where it has one item, billed by quantity, everything else in its
 * currency.
 */
export function offersFor({ endedAt, status, items }: PortalSubscriptionFragment, offered: Price[]): Offer[] {
  const [only, ...others] = items.nodes;
  const current = only?.price;
  if (endedAt || status === 'INCOMPLETE' || !current || others.length || current.recurring?.stripeMeterId) return [];
  return offered.filter(({ id, currency }) => id !== current.id && currency === current.currency).map(offerOf);
}

const offerOf = ({ id, currency, unitAmount, recurringInterval, recurringIntervalCount, product }: Price): Offer => ({
  id,
  currency,
  unitAmount: unitAmount == null ? null : { formatted: formatMoney({ amount: unitAmount, currency }, 'en') },
  recurring: recurringInterval
    ? { interval: recurringInterval, intervalCount: recurringIntervalCount ?? 1, stripeMeterId: null }
    : null,
  product: { name: product.name },
});
