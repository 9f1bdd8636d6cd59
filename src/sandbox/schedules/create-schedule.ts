import type Stripe from 'stripe';
import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import { announceChange, nextPeriodEnd } from '../subscriptions/announce-subscription.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata, metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { text } from '../wire/parameter-kinds.ts';
import { type Every, notModelled, required } from '../wire/parameters.ts';
import { newPhase } from './new-phase.ts';

const parameters = {
  from_subscription: required(text()),
  metadata,
  ...notModelled(
    'billing_mode',
    'customer',
    'customer_account',
    'default_settings',
    'end_behavior',
    'pause_schedules',
    'phases',
    'start_date',
  ),
} satisfies Every<Stripe.SubscriptionScheduleCreateParams>;

/** Puts a subscription under a schedule, whose only phase is the current period as it is. */
export const createSchedule = operation(parameters, async (tx, input) => {
  const subscription = await tx.refer('subscription', input.from_subscription, 'from_subscription');
  const { customer, items, status, trial_end } = subscription;
  if (subscription.ended_at || status === 'incomplete' || status === 'paused') {
    const message = `You cannot migrate a subscription that is in the \`${status}\` status.`;
    throw invalidRequest(message, 'from_subscription');
  }
  if (subscription.schedule) {
    const message = `You cannot migrate a subscription that is already attached to a schedule: \`${subscription.schedule}\`.`;
    throw invalidRequest(message, 'from_subscription');
  }
  const before = structuredClone(subscription);
  const start = Math.min(...items.data.map(({ current_period_start }) => current_period_start));
  const discounts = subscription.discounts.map((id) => ({
    coupon: null,
    discount: id as string,
    promotion_code: null,
  }));
  const phase = newPhase(subscription, items.data, { start, end: nextPeriodEnd(subscription), discounts });
  const schedule = tx.add<Stored<'subscription_schedule'>>({
    id: newId('sub_sched_1'),
    object: 'subscription_schedule',
    application: null,
    billing_mode: subscription.billing_mode as Stored<'subscription_schedule'>['billing_mode'],
    canceled_at: null,
    completed_at: null,
    created: tx.now,
    current_phase: { end_date: phase.end_date, start_date: phase.start_date },
    customer,
    customer_account: null,
    default_settings: {
      application_fee_percent: null,
      billing_cycle_anchor: 'automatic',
      billing_thresholds: null,
      collection_method: subscription.collection_method,
      default_payment_method: subscription.default_payment_method,
      description: subscription.description,
      invoice_settings: {
        account_tax_ids: null,
        custom_fields: null,
        days_until_due: subscription.days_until_due,
        description: null,
        footer: null,
        issuer: { type: 'self' },
      },
      on_behalf_of: null,
      transfer_data: null,
    },
    end_behavior: subscription.cancel_at === null ? 'release' : 'cancel',
    livemode: false,
    metadata: mergeMetadata({}, input.metadata),
    pause_schedules: [],
    phases: [{ ...phase, trial_end: status === 'trialing' ? trial_end : null }],
    released_at: null,
    released_subscription: null,
    status: 'active',
    subscription: subscription.id,
    test_clock: subscription.test_clock,
  });
  tx.emit('subscription_schedule.created', schedule);
  tx.update(subscription, { schedule: schedule.id });
  tx.schedule('subscription_schedule.end', schedule.id, phase.end_date);
  await announceChange(tx, subscription, before);
  return schedule;
});
