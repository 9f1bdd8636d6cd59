import type Stripe from 'stripe';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { oneOf, timestamp } from '../wire/parameter-kinds.ts';
import type { Every } from '../wire/parameters.ts';
import { announceChange, announceSubscription } from './announce-subscription.ts';
import { billNewPeriod, billWithinPeriod } from './bill-change.ts';
import { periodAfter } from './billing-period.ts';
import { purchaseOf } from './prorate.ts';
import { prorationBehavior } from './subscription-parameters.ts';
import { billingCycleAnchor } from './update-subscription.ts';

type Subscription = Stored<'subscription'>;

const parameters = {
  billing_cycle_anchor: billingCycleAnchor,
  payment_behavior: oneOf('resume_on_payment_attempt', 'resume_on_payment_success'),
  proration_behavior: prorationBehavior,
  proration_date: timestamp,
} satisfies Every<Stripe.SubscriptionResumeParams>;

/** Goes on with a paused subscription: with a new period from now, or with what is left of the one that runs by the old anchor. */
export const resumeSubscription = operation(parameters, async (tx, input, id) => {
  const subscription = await tx.get('subscription', id!);
  if (subscription.status !== 'paused') {
    throw invalidRequest(`Only a paused subscription can be resumed; this one is ${subscription.status}.`);
  }
  const before = structuredClone(subscription);
  const waits = input.payment_behavior === 'resume_on_payment_success';
  if (!waits) await goOn(tx, subscription);
  const { proration_behavior, proration_date } = input;
  if (input.billing_cycle_anchor?.type === 'unchanged') {
    movePeriods(tx, subscription);
    const changes = subscription.items.data.map((item) => ({ id: item.id, after: purchaseOf(item) }));
    await billWithinPeriod(tx, subscription, before, changes, { proration_behavior, proration_date });
  } else {
    await billNewPeriod(tx, subscription, before, {});
  }
  if (subscription.status === 'paused' && !(await isUnpaid(tx, subscription))) await goOn(tx, subscription);
  await announceChange(tx, subscription, before);
  return subscription;
});

async function goOn(tx: AccountTransaction, subscription: Subscription): Promise<void> {
  delete subscription.status_details;
  tx.update(subscription, { status: 'active' });
  await announceSubscription(tx, subscription, 'resumed');
}

async function isUnpaid(tx: AccountTransaction, { latest_invoice }: Subscription): Promise<boolean> {
  const invoice = latest_invoice ? await tx.find('invoice', latest_invoice) : undefined;
  return invoice?.status === 'open';
}

function movePeriods(tx: AccountTransaction, subscription: Subscription): void {
  const data = subscription.items.data.map((item) => {
    const current_period_end = periodAfter(subscription.billing_cycle_anchor, item.price.recurring!, tx.now);
    return { ...item, current_period_start: tx.now, current_period_end };
  });
  tx.update(subscription, { items: { ...subscription.items, data } });
}
