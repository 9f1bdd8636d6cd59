import type Stripe from 'stripe';
import { newId } from '../../ids.ts';
import type { StripeOptions } from '../../operations/operation.ts';
import { isStripeTrouble } from '../../stripe/stripe-trouble.ts';
import type { Tenant } from '../../tenant.ts';
import { askForSubscription } from '../subscription-writes/ask-for-subscription.ts';
import { releaseSchedule, scheduleOf } from '../subscription-writes/pending-schedule.ts';
import type { SubscriptionTools } from '../subscription-writes/subscription-tools.ts';
import { PendingChange } from '../subscriptions/pending-change.entity.ts';
import { scheduledFieldsOf } from './fields-of.ts';
import { phasesOf } from './phases-of.ts';
import { planChange } from './plan-change.ts';
import type { SubscriptionChange } from './subscription-change.ts';

/**
 * Sets what a subscription bills from its next period on. Stripe makes the change, by a schedule that lets the subscription go a day later: it is made
 * whether we are there or not. A change that is pending already is replaced.
 * @returns the id of the row.
 * @throws Refusal as updateSubscription does; CONFLICT where the subscription is set to end or is paused.
 */
export async function scheduleChange(
  tools: SubscriptionTools,
  tenant: Tenant,
  change: SubscriptionChange,
): Promise<string> {
  const { subscriptionId, ownCustomerId, ...told } = change;
  return askForSubscription(
    tools,
    tenant,
    { subscriptionId, ownCustomerId },
    {
      pending: 'stays',
      told,
      async decide(em, subscription) {
        const scheduleId = scheduleOf(subscription);
        const { after, appliesAt } = await planChange({ em }, tenant, subscription, change);
        const items = after.map(({ price, quantity }) => ({ priceId: price.id, quantity }));
        const before = new Map(
          subscription.items.getItems().map((item) => [item.stripeSubscriptionItemId, item.price.stripePriceId]),
        );
        const stripeItems = after.map(({ stripeItemId, price, quantity }) => ({
          was: before.get(stripeItemId ?? '') ?? null,
          becomes: { price: price.stripePriceId, ...(quantity === null ? {} : { quantity }) },
        }));
        return { appliesAt: appliesAt!, scheduleId, items, stripeItems, fields: scheduledFieldsOf(after, change) };
      },
      fields: ({ fields }) => fields,
      async send(id, { appliesAt, scheduleId, stripeItems }, options, progress) {
        const next = { startsAt: appliesAt, items: stripeItems };
        const { schedule, isNew } = await scheduleFor(tools.stripe, id, scheduleId, options);
        progress.part = isNew;
        const answer = await setPhases(tools.stripe, schedule, next, options).catch(async (failure) => {
          if (!isNew || isStripeTrouble(failure)) throw failure;
          // Stripe certainly did nothing more: the subscription is not left under a schedule that says nothing.
          await releaseSchedule(tools.stripe, schedule.id, options);
          progress.part = false;
          throw failure;
        });
        const subscription = answer.subscription as Stripe.Subscription;
        return { ...subscription, lastResponse: answer.lastResponse };
      },
      async record(em, { id, parameters: { appliesAt, items } }, { schedule }) {
        const stripeScheduleId = typeof schedule === 'string' ? schedule : schedule!.id;
        const { projectId, environment } = tenant;
        const [first] = items;
        await em.nativeDelete(PendingChange, { subscription: id });
        em.create(PendingChange, {
          id: newId('psc'),
          projectId,
          environment,
          subscription: id,
          stripeScheduleId,
          appliesAt,
          price: first!.priceId,
          quantity: first!.quantity,
          items,
        });
      },
    },
  );
}

/** The schedule of the pending change, or a new one, which holds the current period as it is. */
async function scheduleFor(stripe: Stripe, subscription: string, known: string | null, options: StripeOptions) {
  if (known !== null) {
    const schedule = await stripe.subscriptionSchedules.retrieve(known);
    // One that made its change waits for its end: the subscription needs another.
    if (schedule.status === 'active' && schedule.phases.at(-1)?.start_date !== schedule.current_phase?.start_date)
      return { schedule, isNew: false };
    await releaseSchedule(stripe, known, options);
  }
  const parameters = { from_subscription: subscription };
  return { schedule: await stripe.subscriptionSchedules.create(parameters, options), isNew: true };
}

async function setPhases(
  stripe: Stripe,
  schedule: Stripe.SubscriptionSchedule,
  next: Parameters<typeof phasesOf>[1],
  { idempotencyKey }: StripeOptions,
) {
  const options = { idempotencyKey: `${idempotencyKey}/phases`, maxNetworkRetries: 0 };
  const phases = phasesOf(schedule, next);
  return stripe.subscriptionSchedules.update(
    schedule.id,
    { phases, end_behavior: 'release', proration_behavior: 'none', expand: ['subscription'] },
    options,
  );
}
