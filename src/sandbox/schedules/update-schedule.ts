import type Stripe from 'stripe';
import type { Stored } from '../objects.ts';
import { subscriptionDiscounts } from '../promotions/subscription-discounts.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { lastPeriodEnd } from '../subscriptions/announce-subscription.ts';
import { addIntervals } from '../subscriptions/billing-period.ts';
import { itemPurchase } from '../subscriptions/item-purchase.ts';
import { prorationBehavior, quantity, timeOr } from '../subscriptions/subscription-parameters.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata, metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { integer, oneOf, text, timestamp } from '../wire/parameter-kinds.ts';
import { type Every, hash, list, notModelled, required, type Values } from '../wire/parameters.ts';
import { newPhase, type Phase } from './new-phase.ts';
import { refuseUnlessLive } from './release-schedule.ts';

type Schedule = Stored<'subscription_schedule'>;

const phaseItem = hash({
  metadata,
  plan: text(),
  price: text(),
  quantity,
  ...notModelled('billing_thresholds', 'discounts', 'price_data', 'tax_rates'),
} satisfies Every<Stripe.SubscriptionScheduleUpdateParams.Phase.Item>);

const phaseParameters = {
  currency: text(),
  discounts: subscriptionDiscounts,
  duration: hash({
    interval: required(oneOf('day', 'week', 'month', 'year')),
    interval_count: integer({ min: 1, max: 1_000 }),
  }),
  end_date: timestamp,
  items: required(list(phaseItem, { max: 20 })),
  proration_behavior: prorationBehavior,
  start_date: timestamp,
  trial_end: timeOr('now'),
  ...notModelled(
    'add_invoice_items',
    'application_fee_percent',
    'automatic_tax',
    'billing_cycle_anchor',
    'billing_thresholds',
    'collection_method',
    'default_payment_method',
    'default_tax_rates',
    'description',
    'invoice_settings',
    'metadata',
    'on_behalf_of',
    'transfer_data',
    'trial',
  ),
} satisfies Every<Stripe.SubscriptionScheduleUpdateParams.Phase>;
type PhaseInput = Values<typeof phaseParameters>;

const parameters = {
  end_behavior: oneOf('cancel', 'release'),
  metadata,
  phases: list(hash(phaseParameters), { max: 10 }),
  proration_behavior: prorationBehavior,
  ...notModelled('default_settings', 'pause_schedules'),
} satisfies Every<Stripe.SubscriptionScheduleUpdateParams>;

/** Says what follows the current phase, which stays as it is. */
export const updateSchedule = operation(parameters, async (tx, input, id) => {
  const schedule = await tx.get('subscription_schedule', id!);
  refuseUnlessLive(schedule, 'update');
  const phases = input.phases && (await phasesOf(tx, schedule, input.phases));
  const previous = tx.update(schedule, {
    end_behavior: input.end_behavior,
    metadata: mergeMetadata(schedule.metadata ?? {}, input.metadata),
    phases,
    ...(phases && { current_phase: { end_date: phases[0]!.end_date, start_date: phases[0]!.start_date } }),
  });
  if (previous) tx.emit('subscription_schedule.updated', schedule, previous);
  tx.schedule('subscription_schedule.end', schedule.id, schedule.phases.at(-1)!.end_date);
  return schedule;
});

async function phasesOf(tx: AccountTransaction, schedule: Schedule, inputs: PhaseInput[]): Promise<Phase[]> {
  const subscription = await tx.get('subscription', schedule.subscription!);
  const phases: Phase[] = [];
  for (const [index, input] of inputs.entries()) {
    const at = `phases[${index}]`;
    const start = phases.at(-1)?.end_date ?? schedule.current_phase!.start_date;
    if (index === 0 && input.start_date === undefined) {
      throw invalidRequest('The first phase must have a start_date.', `${at}[start_date]`);
    }
    if (input.start_date !== undefined && input.start_date !== start) {
      const message =
        index === 0
          ? 'You can not modify the start date of the current phase.'
          : 'The start date of a phase must be the end date of the one before.';
      throw invalidRequest(message, `${at}[start_date]`);
    }
    const purchases = [];
    for (const [place, item] of input.items.entries()) {
      const named = `${at}[items][${place}]`;
      const id = item.price ?? item.plan;
      // What is billed already may be archived.
      const isCurrent = index === 0 && subscription.items.data.some(({ price }) => price.id === id);
      const purchase = isCurrent
        ? { price: await tx.get('price', id!), quantity: item.quantity }
        : await itemPurchase(tx, item, 'recurring', named);
      if (purchase.price.currency !== subscription.currency) {
        const message = 'All prices on a subscription must have the same currency.';
        throw invalidRequest(message, `${named}[price]`);
      }
      purchases.push({ ...purchase, metadata: mergeMetadata({}, item.metadata) });
    }
    if (!purchases.length) throw invalidRequest('A phase must have at least one item.', `${at}[items]`);
    const end = endOf(input, start, at, purchases[0]!.price);
    if (end <= tx.now) throw invalidRequest('A phase must end in the future.', `${at}[end_date]`);
    phases.push({
      ...newPhase(subscription, purchases, { start, end, discounts: await discountsOf(tx, input, at) }),
      proration_behavior: input.proration_behavior ?? 'create_prorations',
      trial_end: index === 0 ? (schedule.phases[0]?.trial_end ?? null) : null,
    });
    refuseUnmodelled(subscription, phases, { input, index, isLast: index === inputs.length - 1 });
  }
  return phases;
}

/** What is named of a phase; one without has none, whatever the subscription has. */
async function discountsOf(tx: AccountTransaction, { discounts }: PhaseInput, at: string): Promise<Phase['discounts']> {
  const named: Phase['discounts'] = [];
  for (const [index, { coupon, discount, promotion_code }] of (discounts ?? []).entries()) {
    const place = `${at}[discounts][${index}]`;
    named.push({
      coupon: coupon ? (await tx.refer('coupon', coupon, `${place}[coupon]`)).id : null,
      discount: discount ? (await tx.refer('discount', discount, `${place}[discount]`)).id : null,
      promotion_code: promotion_code
        ? (await tx.refer('promotion_code', promotion_code, `${place}[promotion_code]`)).id
        : null,
    });
  }
  return named;
}

function endOf({ end_date, duration }: PhaseInput, start: number, at: string, price: Stored<'price'>): number {
  if (end_date !== undefined && duration) {
    throw invalidRequest('You may only specify one of these parameters: duration, end_date.', `${at}[duration]`);
  }
  const { interval, interval_count = 1 } = duration ?? price.recurring!;
  return end_date ?? addIntervals(start, { interval, interval_count });
}

/** What is here of phases: the current one as it is, until its period ends, and another one from then on. */
function refuseUnmodelled(
  subscription: Stored<'subscription'>,
  phases: Phase[],
  { input, index, isLast }: { input: PhaseInput; index: number; isLast: boolean },
): void {
  const refuse = (what: string, param: string) => {
    throw invalidRequest(`The sandbox does not model ${what}.`, `phases[${index}][${param}]`);
  };
  const phase = phases[index]!;
  if (index === 0) {
    const now = subscription.items.data.map(({ price, quantity }) => `${price.id} ${quantity}`);
    const same = phase.items.map(({ price, quantity }) => `${price} ${quantity}`);
    if (now.sort().join() !== same.sort().join()) refuse('a change of the current phase by its schedule', 'items');
    if (input.trial_end !== undefined && input.trial_end !== phase.trial_end) {
      refuse('a change of the trial by a schedule', 'trial_end');
    }
    if (!isLast && phase.end_date !== lastPeriodEnd(subscription)) {
      refuse('a phase that ends within a period', 'end_date');
    }
  } else if (input.trial_end !== undefined) refuse('a trial in a later phase', 'trial_end');
  if (index > 1) refuse('a third phase', 'items');
}
