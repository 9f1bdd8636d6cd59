import type Stripe from 'stripe';
import { withCoupons } from './expand-coupons.ts';

type Answer = Stripe.Response<Stripe.Subscription>;

/**
 * The subscription with all its items, of which Stripe's answer holds the first ten, and with what its discounts give. It counts as seen when the
 * last part was.
 */
export async function retrieveSubscription(stripe: Stripe, id: string): Promise<Answer> {
  return withAllItems(stripe, await stripe.subscriptions.retrieve(id));
}

/** The same of a subscription that Stripe has answered. */
export async function withAllItems(stripe: Stripe, answer: Answer): Promise<Answer> {
  const { id, discounts } = answer;
  const ask = (expand: string[]) => stripe.subscriptions.retrieve(id, { expand });
  const whole = await withItems(stripe, discounts?.length ? await withCoupons('discounts', ask) : answer);
  let { lastResponse } = whole;
  for (const item of whole.items.data.filter(({ discounts }) => discounts?.length)) {
    const shown = await withCoupons('discounts', (expand) => stripe.subscriptionItems.retrieve(item.id, { expand }));
    item.discounts = shown.discounts;
    ({ lastResponse } = shown);
  }
  return { ...whole, lastResponse };
}

/** A page of a list of subscriptions, each with what its discounts give. */
export async function listSubscriptions(
  stripe: Stripe,
  params: Stripe.SubscriptionListParams,
): Promise<Stripe.Response<Stripe.ApiList<Stripe.Subscription>>> {
  const page = await stripe.subscriptions.list(params);
  for (const [index, subscription] of page.data.entries())
    if (isDiscounted(subscription)) page.data[index] = await retrieveSubscription(stripe, subscription.id);
  return page;
}

const isDiscounted = ({ discounts, items }: Stripe.Subscription) =>
  Boolean(discounts?.length) || items.data.some((item) => item.discounts?.length);

async function withItems(stripe: Stripe, subscription: Answer): Promise<Answer> {
  const { id, items } = subscription;
  let { lastResponse } = subscription;
  while (items.has_more) {
    const page = await stripe.subscriptionItems.list({
      subscription: id,
      limit: 100,
      starting_after: items.data.at(-1)?.id,
    });
    items.data.push(...page.data);
    items.has_more = page.has_more && page.data.length > 0;
    lastResponse = page.lastResponse;
  }
  return { ...subscription, lastResponse };
}
