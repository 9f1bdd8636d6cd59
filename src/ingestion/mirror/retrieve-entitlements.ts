import type Stripe from 'stripe';
import { isNoSuchObject } from '../../stripe/stripe-trouble.ts';

/**
 * What a customer is entitled to, as events tell it: Stripe has no such object to fetch, only the list. It counts as seen
 * when the last page was. Of a deleted customer there is no list, and Stripe's word about the customer is answered.
 */
export async function retrieveEntitlements(stripe: Stripe, customer: string): Promise<Stripe.Response<unknown>> {
  try {
    const data: Stripe.Entitlements.ActiveEntitlement[] = [];
    for (let after: string | undefined; ; ) {
      const page = await stripe.entitlements.activeEntitlements.list({
        customer,
        limit: 100,
        ...(after ? { starting_after: after } : {}),
      });
      data.push(...page.data);
      after = page.data.at(-1)?.id;
      if (page.has_more && after) continue;
      const { lastResponse } = page;
      return Object.assign({ customer, entitlements: { data } }, { lastResponse });
    }
  } catch (failure) {
    if (!isNoSuchObject(failure)) throw failure;
    const answer = await stripe.customers.retrieve(customer);
    if (answer.deleted) return answer;
    throw failure;
  }
}
