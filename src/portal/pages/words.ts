import { decimalsOf, inWholeUnits } from '../../minor-units.ts';
import type {
  PortalPaymentMethodFragment as PaymentMethod,
  PortalPriceFragment as Price,
  PortalSubscriptionFragment as Subscription,
} from '../sessions/documents.generated.ts';

const long = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' });

export const day = (instant: string | null) => (instant === null ? 'a date to come' : long.format(new Date(instant)));

/** `Pro`, or everything that is billed together. */
export const nameOf = ({ items }: Subscription): string =>
  new Intl.ListFormat('en').format([
    ...items.nodes.map(({ price }) => price?.product.name ?? 'Another product'),
    ...(items.pageInfo.hasNextPage ? ['more'] : []),
  ]) || 'Subscription';

/** `$29.00 a month`, `3 × $29.00 every 3 months`, `By usage, a month: $0.005 each`, `By quantity, a month: 1 to 10 at $5.00 each, …`. */
export function costOf(price: Price, quantity: number | null = 1): string {
  const { unitAmountDecimal, currency, recurring, tiers } = price;
  const each = unitAmountDecimal === null ? tiersOf(price) : `${amountOf(unitAmountDecimal, currency)} each`;
  const period = recurring ? periodOf(recurring) : 'once';
  if (recurring?.stripeMeterId) return `By usage, ${period}${each && `: ${each}`}`;
  const times = quantity !== null && quantity !== 1 ? quantity : null;
  if (tiers.length || unitAmountDecimal === null)
    return `${times ? `${times} by quantity` : 'By quantity'}, ${period}${each && `: ${each}`}`;
  const amount = `${times ? `${times} × ` : ''}${amountOf(unitAmountDecimal, currency)}`;
  return recurring ? `${amount} ${period}` : amount;
}

function periodOf({ interval, intervalCount }: NonNullable<Price['recurring']>): string {
  const unit = interval.toLowerCase();
  return intervalCount === 1 ? `a ${unit}` : `every ${intervalCount} ${unit}s`;
}

/** What a unit costs by how many there are. */
function tiersOf({ tiers, tiersMode, currency }: Price): string {
  const priced = (decimal: string | null) =>
    decimal !== null && Number(decimal) > 0 ? amountOf(decimal, currency) : null;
  const words = tiers.map(({ upTo, unitAmountDecimal, flatAmountDecimal }, at) => {
    const from = String(at === 0 ? 1 : BigInt(tiers[at - 1]?.upTo ?? 0) + 1n);
    const range = upTo === null ? `from ${from}` : from === upTo ? from : `${from} to ${upTo}`;
    const [each, flat] = [priced(unitAmountDecimal), priced(flatAmountDecimal)];
    return `${range} ${[each && `at ${each} each`, flat && `${each ? 'plus ' : 'for '}${flat}`].filter(Boolean).join(' ') || 'free'}`;
  });
  return `${words.join(', ')}${tiersMode === 'VOLUME' ? ' (for all of them)' : ''}`;
}

/** Minor units, and fractions of them, in the currency. */
const amountOf = (decimal: string, currency: string) =>
  new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    minimumFractionDigits: decimalsOf(currency),
    maximumFractionDigits: 15,
  }).format(inWholeUnits(decimal, currency));

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
