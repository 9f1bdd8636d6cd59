import type {
  PortalPaymentMethodFragment as PaymentMethod,
  PortalPriceFragment as Price,
  PortalSubscriptionFragment as Subscription,
} from '../portal/documents.generated.ts';

const long = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' });

export const day = (instant: string | null) => (instant === null ? 'a date to come' : long.format(new Date(instant)));

/** `Pro`, or everything that is billed together. */
export const nameOf = ({ items }: Subscription): string =>
  new Intl.ListFormat('en').format([
    ...items.nodes.map(({ price }) => price?.product.name ?? 'Another product'),
    ...(items.pageInfo.hasNextPage ? ['more'] : []),
  ]) || 'Subscription';

/** `$29.00 a month`, `every 3 months`; by usage or by tiers where one amount does not say it. */
export function costOf({ unitAmount, recurring }: Price, quantity: number | null = 1): string {
  const amount = recurring?.stripeMeterId ? 'By usage' : (unitAmount?.formatted ?? 'By quantity');
  const times = quantity !== null && quantity !== 1 ? `${quantity} × ` : '';
  if (!recurring) return `${times}${amount}`;
  const unit = recurring.interval.toLowerCase();
  const period = recurring.intervalCount === 1 ? `a ${unit}` : `every ${recurring.intervalCount} ${unit}s`;
  return `${times}${amount}${recurring.stripeMeterId ? ',' : ''} ${period}`;
}

export type State = { word: string; look: 'good' | 'warn' | 'over'; says: string };

/** Where a subscription stands, for who pays it. */
export function stateOf(subscription: Subscription): State {
  const { status, endedAt, cancelAt, currentPeriodEnd, trialEnd, pauseBehavior, pauseResumesAt } = subscription;
  if (endedAt) return { word: 'Ended', look: 'over', says: `It ended on ${day(endedAt)}.` };
  if (status === 'PAST_DUE')
    return {
      word: 'Payment failed',
      look: 'warn',
      says: 'The last payment failed. Update your payment method to keep it.',
    };
  if (status === 'UNPAID')
    return {
      word: 'Unpaid',
      look: 'warn',
      says: 'Invoices are unpaid. Pay them below, or update your payment method.',
    };
  if (status === 'INCOMPLETE')
    return {
      word: 'Not paid yet',
      look: 'warn',
      says: 'The first payment is not finished. Pay the open invoice below.',
    };
  if (cancelAt) return { word: 'Ending', look: 'warn', says: `It ends on ${day(cancelAt)}, and is not renewed.` };
  if (status === 'PAUSED')
    return {
      word: 'Paused',
      look: 'warn',
      says: 'It is paused since the trial ended. Add a payment method, then resume it.',
    };
  if (pauseBehavior)
    return {
      word: 'Billing paused',
      look: 'warn',
      says: pauseResumesAt ? `Nothing is collected until ${day(pauseResumesAt)}.` : 'Nothing is collected for now.',
    };
  if (status === 'TRIALING')
    return { word: 'Trial', look: 'good', says: `Your trial lasts until ${day(trialEnd)}. After that you pay.` };
  return { word: 'Active', look: 'good', says: `It renews on ${day(currentPeriodEnd)}.` };
}

/** `Visa ending in 4242, expires 12/2034`. */
export function methodOf({ type, brand, last4, expiryMonth, expiryYear }: PaymentMethod): string {
  const name = brands[brand ?? ''] ?? titled((brand ?? type).replaceAll('_', ' '));
  const ending = last4 ? ` ending in ${last4}` : '';
  const expires = expiryMonth && expiryYear ? `, expires ${String(expiryMonth).padStart(2, '0')}/${expiryYear}` : '';
  return `${name}${ending}${expires}`;
}

const brands: Record<string, string> = {
  amex: 'American Express',
  jcb: 'JCB',
  unionpay: 'UnionPay',
  diners: 'Diners Club',
};

const titled = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
