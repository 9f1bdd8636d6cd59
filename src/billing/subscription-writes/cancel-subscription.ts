import type Stripe from 'stripe';
import { checkText } from '../../check-input.ts';
import { badInput, forbidden } from '../../errors.ts';
import { isNoSuchObject } from '../../stripe/stripe-trouble.ts';
import type { Tenant } from '../../tenant.ts';
import { askForSubscription } from './ask-for-subscription.ts';
import type { CancellationFeedback, SubscriptionEnd } from './cancellation.type.ts';
import { checkFuture } from './check-future.ts';
import { refuseSellersEnd } from './find-subscription.ts';
import type { SubscriptionTools, WhichSubscription } from './subscription-tools.ts';

export type Cancellation = WhichSubscription & {
  at: SubscriptionEnd;
  /** With DATE alone. */
  cancelAt?: Date | null;
  feedback?: CancellationFeedback | null;
  comment?: string | null;
  /** With NOW alone: whether the time that was paid for and is not used is credited. */
  prorate?: boolean | null;
  /** With NOW alone: whether a last invoice collects what is not billed yet. */
  invoiceNow?: boolean | null;
};

/**
 * Ends a subscription now, with its period, or at a date. A customer ends his own with its period.
 * @returns the id of the row.
 * @throws Refusal BAD_USER_INPUT; FORBIDDEN for a customer who asks for anything else, or where the seller has set a date; NOT_FOUND; CONFLICT where it has ended; STRIPE_ERROR.
 */
export async function cancelSubscription(
  tools: SubscriptionTools,
  tenant: Tenant,
  { subscriptionId, ownCustomerId, ...input }: Cancellation,
): Promise<string> {
  const { at, feedback, cancelAt, prorate, invoiceNow } = input;
  if (ownCustomerId !== null && at !== 'PERIOD_END')
    throw forbidden('A customer token ends a subscription with its period: `at: PERIOD_END`.');
  const comment = input.comment == null ? undefined : checkText(input.comment, 'comment', { max: 500 });
  if (at === 'DATE' && cancelAt == null) throw badInput('Say when it ends.', 'cancelAt');
  if (at !== 'DATE' && cancelAt != null) throw badInput('A date goes with `at: DATE`.', 'cancelAt');
  for (const field of ['prorate', 'invoiceNow'] as const)
    if (at !== 'NOW' && input[field] != null) throw badInput('This goes with `at: NOW`.', field);
  const details = {
    ...(feedback == null ? {} : { feedback: feedback.toLowerCase() as Lowercase<CancellationFeedback> }),
    ...(comment === undefined ? {} : { comment }),
  };
  const { subscriptions } = tools.stripe;
  return askForSubscription(
    tools,
    tenant,
    { subscriptionId, ownCustomerId },
    {
      pending: at === 'NOW' ? 'goes along' : 'goes first',
      told: { ...input, comment },
      fields: { 'cancellation_details[comment]': 'comment', 'cancellation_details[feedback]': 'feedback' },
      decide(_em, subscription) {
        refuseSellersEnd(subscription, { ownCustomerId });
        if (at === 'DATE') checkFuture(cancelAt!, 'cancelAt', subscription);
        return { cancellation_details: details };
      },
      async send(id, { cancellation_details }, options) {
        if (at === 'PERIOD_END')
          return subscriptions.update(id, { cancel_at_period_end: true, cancellation_details }, options);
        if (at === 'DATE') {
          const cancel_at = Math.floor(cancelAt!.getTime() / 1000);
          return subscriptions.update(id, { cancel_at, proration_behavior: 'none', cancellation_details }, options);
        }
        const bill = { prorate: prorate ?? false, invoice_now: invoiceNow ?? false };
        return subscriptions.cancel(id, { ...bill, cancellation_details }, options).catch(canceledEarlier(id));
      },
    },
  );

  /** Stripe has no idempotency keys for this: where an earlier try did it, it knows no such subscription any more. */
  function canceledEarlier(id: string) {
    return async (failure: unknown): Promise<Stripe.Response<Stripe.Subscription>> => {
      const known = isNoSuchObject(failure) ? await subscriptions.retrieve(id) : null;
      if (!known?.ended_at) throw failure;
      return known;
    };
  }
}
