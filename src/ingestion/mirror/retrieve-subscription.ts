import type Stripe from 'stripe';

/**
 * The subscription with all its items: Stripe's answer holds the first ten. It counts as seen when the last page was.
 */
export async function retrieveSubscription(stripe: Stripe, id: string): Promise<Stripe.Response<Stripe.Subscription>> {
  return withAllItems(stripe, await stripe.subscriptions.retrieve(id));
}

/** The same of a subscription that Stripe has answered. */
export async function withAllItems(
  stripe: Stripe,
  subscription: Stripe.Response<Stripe.Subscription>,
): Promise<Stripe.Response<Stripe.Subscription>> {
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
