import type Stripe from 'stripe';

/** A number of any size over another: the least that an oracle needs. */
export type Ratio = [bigint, bigint];

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b));
function lowest([n, d]: Ratio): Ratio {
  const by = gcd(n, d) || 1n;
  return d < 0n ? [-n / by, -d / by] : [n / by, d / by];
}
export const plus = (a: Ratio, b: Ratio): Ratio => lowest([a[0] * b[1] + b[0] * a[1], a[1] * b[1]]);
export const minus = (a: Ratio, b: Ratio): Ratio => plus(a, [-b[0], b[1]]);
const times = (a: Ratio, b: Ratio): Ratio => lowest([a[0] * b[0], a[1] * b[1]]);
const over = (a: Ratio, b: Ratio): Ratio => lowest([a[0] * b[1], a[1] * b[0]]);
export const none: Ratio = [0n, 1n];
export const shown = ([n, d]: Ratio) => `${n}/${d}`;

export function ratio(decimal: unknown): Ratio {
  const [whole = '0', part = ''] = String(decimal ?? 0).split('.');
  return lowest([BigInt(whole + part), 10n ** BigInt(part.length)]);
}

const months: Record<string, Ratio> = { day: [365n, 12n], week: [52n, 12n], month: [1n, 1n], year: [1n, 12n] };

type Item = { price: Stripe.Price; left: Ratio; often: Ratio };

/**
 * What a subscription is worth a month by the rules of docs/analytics.md, computed from Stripe's own objects in the plainest way there is.
 * @param now the second that Stripe's clock shows.
 */
export function naiveWorth(
  subscription: Stripe.Subscription,
  customer: Stripe.Customer,
  prices: Map<string, Stripe.Price>,
  now: number,
): { mrr: Ratio; trial: Ratio } {
  const { status, pause_collection, currency } = subscription;
  if (pause_collection || !['active', 'past_due', 'trialing'].includes(status)) return { mrr: none, trial: none };
  const items: Item[] = subscription.items.data.flatMap(({ price: { id }, quantity = 1 }) => {
    const price = prices.get(id)!;
    if (price.recurring!.usage_type === 'metered') return [];
    const often = over(months[price.recurring!.interval]!, ratio(price.recurring!.interval_count));
    return { price, left: amountOf(price, quantity, currency), often };
  });
  const lasting = (subscription.discounts as Stripe.Discount[]).filter((discount) => lasts(discount, now));
  const ofCustomer = customer.discount && lasts(customer.discount, now) ? [customer.discount] : [];
  for (const discount of lasting.length ? lasting : ofCustomer) lower(items, discount, currency);
  const sum = items.reduce((sum, { left, often }) => plus(sum, times(left, often)), none);
  return status === 'trialing' ? { mrr: none, trial: sum } : { mrr: sum, trial: none };
}

const couponOf = ({ source }: Stripe.Discount) => source.coupon as Stripe.Coupon;
const lasts = (discount: Stripe.Discount, now: number) =>
  couponOf(discount).duration !== 'once' && (discount.end === null || discount.end > now);

function amountOf(price: Stripe.Price, quantity: number, currency: string): Ratio {
  const costs = price.currency === currency ? price : price.currency_options![currency]!;
  const { tiers } = costs;
  if (!tiers) return times(ratio(costs.unit_amount_decimal), ratio(quantity));
  if (price.tiers_mode === 'volume') {
    const tier = tiers.find(({ up_to }) => up_to === null || quantity <= up_to)!;
    return plus(ratio(tier.flat_amount_decimal), times(ratio(tier.unit_amount_decimal), ratio(quantity)));
  }
  // One unit after the other.
  let sum = ratio(tiers[0]!.flat_amount_decimal);
  let tier = 0;
  for (let unit = 1; unit <= quantity; unit++) {
    if (tiers[tier]!.up_to !== null && unit > tiers[tier]!.up_to!)
      sum = plus(sum, ratio(tiers[++tier]!.flat_amount_decimal));
    sum = plus(sum, ratio(tiers[tier]!.unit_amount_decimal));
  }
  return sum;
}

function lower(items: Item[], discount: Stripe.Discount, currency: string): void {
  const coupon = couponOf(discount);
  const meant = items.filter(({ price }) => coupon.applies_to?.products.includes(price.product as string) ?? true);
  if (coupon.percent_off !== null) {
    const rest = over(minus([100n, 1n], ratio(coupon.percent_off)), [100n, 1n]);
    for (const item of meant) item.left = times(item.left, rest);
    return;
  }
  const paid = meant.filter(({ left }) => left[0] > 0n);
  const isMore = (a: Ratio, b: Ratio) => minus(a, b)[0] > 0n;
  const often = paid.filter((item) => !paid.some((other) => isMore(other.often, item.often)));
  const total = often.reduce((sum, { left }) => plus(sum, left), none);
  if (total[0] === 0n) return;
  const given = coupon.currency === currency ? coupon.amount_off : coupon.currency_options?.[currency]?.amount_off;
  const off = isMore(ratio(given), total) ? total : ratio(given);
  for (const item of often) item.left = minus(item.left, times(off, over(item.left, total)));
}
