import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import { badInput, conflict, forbidden } from '../../errors.ts';
import type { Tenant } from '../../tenant.ts';
import type { FoundSubscription } from '../subscription-writes/find-subscription.ts';
import { scheduleOf } from '../subscription-writes/pending-schedule.ts';
import { type ChangedItems, changeItems } from './change-items.ts';
import type { ProrationBehavior, SubscriptionChange } from './subscription-change.ts';

/** What Stripe is asked for a change, now or at the end of the period. */
export type PlannedChange = ChangedItems & {
  items: Stripe.SubscriptionUpdateParams.Item[];
  billing: {
    proration_behavior: Lowercase<ProrationBehavior>;
    proration_date?: number;
  };
  /** When it is made: null for at once. */
  appliesAt: Date | null;
};

/** A customer's date of a proration is one that a preview told in these last milliseconds; in TEST, any of the period. */
const customersDate = 600_000;

/**
 * Decides what becomes of a subscription by a change.
 * @throws Refusal BAD_USER_INPUT and NOT_FOUND with the field; CONFLICT where the subscription waits for its first payment, or is under a schedule that we
 * did not make, and at the end of the period where it is paused or set to end; FORBIDDEN for what a customer may not choose.
 */
export async function planChange(
  { em }: { em: EntityManager },
  side: Pick<Tenant, 'projectId' | 'environment'>,
  subscription: FoundSubscription,
  change: SubscriptionChange,
): Promise<PlannedChange> {
  if (subscription.status === 'INCOMPLETE')
    throw conflict('This subscription waits for its first payment. It can change once that is made.', 'subscriptionId');
  const appliesAt = change.at === 'PERIOD_END' ? nextPeriodOf(subscription) : null;
  scheduleOf(subscription);
  const billing = billingOf(subscription, change);
  const changes = await changeItems({ em }, side, subscription, change);
  const items = changes.changed.map(({ stripeItemId, to }) => ({
    ...(stripeItemId === null ? {} : { id: stripeItemId }),
    ...(to === null
      ? { deleted: true }
      : { price: to.price.stripePriceId, ...(to.quantity === null ? {} : { quantity: to.quantity }) }),
  }));
  return { ...changes, items, billing, appliesAt };
}

function nextPeriodOf({ status, cancelAt, currentPeriodEnd }: FoundSubscription): Date {
  if (status === 'PAUSED')
    throw conflict('This subscription is paused, and no period of it ends. Resume it first.', 'subscriptionId');
  if (cancelAt)
    throw conflict('This subscription is set to end. Take that back first (resumeSubscription).', 'subscriptionId');
  if (!currentPeriodEnd) throw conflict('Stripe has not told its period yet. Try again in a moment.', 'subscriptionId');
  return currentPeriodEnd;
}

function billingOf(
  { environment, currentPeriodStart, currentPeriodEnd }: FoundSubscription,
  { at, prorationBehavior, prorationDate, ownCustomerId }: SubscriptionChange,
): PlannedChange['billing'] {
  for (const [field, value] of Object.entries({ prorationBehavior, prorationDate }))
    if (at === 'PERIOD_END' && value != null)
      throw badInput('With the period nothing is prorated. Leave it out, or change it NOW.', field);
  if (at === 'PERIOD_END') return { proration_behavior: 'none' };
  if (ownCustomerId !== null && prorationBehavior != null)
    throw forbidden('A customer token is billed at once for what it changes. Leave prorationBehavior out.');
  const behavior = ownCustomerId === null ? (prorationBehavior ?? 'CREATE_PRORATIONS') : 'ALWAYS_INVOICE';
  const proration_behavior = behavior.toLowerCase() as Lowercase<ProrationBehavior>;
  if (prorationDate == null) return { proration_behavior };
  if (behavior === 'NONE') throw badInput('Nothing is prorated. Leave the date out.', 'prorationDate');
  if (
    !currentPeriodStart ||
    !currentPeriodEnd ||
    prorationDate < currentPeriodStart ||
    prorationDate > currentPeriodEnd
  )
    throw badInput('This must be within the current period of the subscription.', 'prorationDate');
  // Under one of Stripe's test clocks a preview tells a time that our clock knows nothing of.
  if (
    environment !== 'TEST' &&
    ownCustomerId !== null &&
    Math.abs(prorationDate.getTime() - Date.now()) > customersDate
  )
    throw badInput('This is older than ten minutes. Ask for a new preview.', 'prorationDate');
  return { proration_behavior, proration_date: Math.floor(prorationDate.getTime() / 1000) };
}
