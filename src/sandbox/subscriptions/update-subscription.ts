import type Stripe from 'stripe';
import type { Stored } from '../objects.ts';
import { setSubscriptionDiscounts } from '../promotions/subscription-discounts.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { oneOf, timestamp } from '../wire/parameter-kinds.ts';
import {
  type Every,
  hash,
  list,
  notModelled,
  type Parameter,
  required,
  unsettable,
  type Values,
} from '../wire/parameters.ts';
import { announceChange } from './announce-subscription.ts';
import { billNewPeriod, billWithinPeriod } from './bill-change.ts';
import { cancelAt } from './cancel-at.ts';
import { changeItems } from './change-items.ts';
import { itemPurchase } from './item-purchase.ts';
import { methodOfCustomer } from './method-of-customer.ts';
import { creditUnusedTime } from './prorate.ts';
import { addOneTime } from './start-subscription.ts';
import { cancellationDetails, changedItem, subscriptionParameters } from './subscription-parameters.ts';
import { stopsAfterTrial } from './trial.ts';
import { trialEndOf } from './trial-end.ts';

type Subscription = Stored<'subscription'>;

const anchor = oneOf('now', 'unchanged');
const anchorHash = hash({ type: required(anchor) });
/** A word until 2026-09-30.endive, a hash with the word since. */
export const billingCycleAnchor: Parameter<{ type: 'now' | 'unchanged' }> = {
  read: (form, place) =>
    typeof form === 'string' && place.version < '2026-09-30.endive'
      ? { type: anchor.read(form, place) }
      : anchorHash.read(form, place),
};

export const updateParameters = {
  ...subscriptionParameters,
  billing_cycle_anchor: billingCycleAnchor,
  cancellation_details: cancellationDetails,
  items: list(hash(changedItem), { max: 20 }),
  pause_collection: unsettable(
    hash({ behavior: required(oneOf('keep_as_draft', 'mark_uncollectible', 'void')), resumes_at: timestamp }),
  ),
  proration_date: timestamp,
  ...notModelled(
    'application_fee_percent',
    'billing_schedules',
    'billing_thresholds',
    'on_behalf_of',
    'pending_invoice_item_interval',
    'transfer_data',
  ),
} satisfies Every<Stripe.SubscriptionUpdateParams>;

export type UpdateInput = Values<typeof updateParameters>;

export const updateSubscription = operation(updateParameters, async (tx, input, id) => {
  const subscription = await tx.get('subscription', id!);
  await applyUpdate(tx, subscription, input);
  return subscription;
});

/** Everything that an update does, its bill included. */
export async function applyUpdate(
  tx: AccountTransaction,
  subscription: Subscription,
  input: UpdateInput,
): Promise<void> {
  const { cancellation_details, metadata, ...rest } = input;
  if (subscription.ended_at && Object.keys(rest).length) {
    throw invalidRequest('A canceled subscription can only update its cancellation_details and metadata.');
  }
  refuseOddities(subscription, input);
  const before = structuredClone(subscription);
  tx.update(subscription, await plainPatch(tx, subscription, input));
  for (const [index, item] of (input.add_invoice_items ?? []).entries()) {
    const purchase = await itemPurchase(tx, item, 'one_time', `add_invoice_items[${index}]`);
    await addOneTime(tx, await tx.get('customer', subscription.customer), subscription, purchase);
  }
  const changes = input.items ? await changeItems(tx, subscription, input.items) : [];
  if (await endsTrial(tx, subscription, input)) return announceChange(tx, subscription, before);
  const isBilled = subscription.status !== 'trialing' && subscription.status !== 'paused';
  const endedTrial = before.status === 'trialing';
  if (isBilled && (endedTrial || input.billing_cycle_anchor?.type === 'now' || changesInterval(changes))) {
    await billNewPeriod(tx, subscription, before, input);
  } else if (isBilled && changes.length) await billWithinPeriod(tx, subscription, before, changes, input);
  cancelAt(tx, subscription, input);
  await announceChange(tx, subscription, before);
}

/** Moves the end of a trial, or ends it; answers whether the subscription stopped for want of a payment method. */
async function endsTrial(
  tx: AccountTransaction,
  subscription: Subscription,
  { trial_end, proration_behavior }: UpdateInput,
): Promise<boolean> {
  if (trial_end === undefined) return false;
  if (trial_end === 'now') {
    if (subscription.status !== 'trialing') return false;
    tx.update(subscription, { trial_end: tx.now });
    if (await stopsAfterTrial(tx, subscription)) return true;
    tx.update(subscription, { status: 'active' });
    return false;
  }
  const end = trialEndOf(tx.now, { trial_end })!;
  if (proration_behavior !== 'none') await creditUnusedTime(tx, subscription, tx.now);
  const items = subscription.items.data.map((item) => ({ ...item, current_period_end: end }));
  tx.update(subscription, {
    billing_cycle_anchor: end,
    items: { ...subscription.items, data: items },
    status: 'trialing',
    trial_end: end,
    trial_start: subscription.trial_start ?? tx.now,
  });
  return false;
}

/** A period of another length cannot follow the old one: a new one begins. */
function changesInterval(changes: Awaited<ReturnType<typeof changeItems>>): boolean {
  return changes.some(({ before, after }) => {
    if (!before || !after) return false;
    const [old, now] = [before.price.recurring!, after.price.recurring!];
    return old.interval !== now.interval || old.interval_count !== now.interval_count;
  });
}

async function plainPatch(
  tx: AccountTransaction,
  subscription: Subscription,
  input: UpdateInput,
): Promise<Partial<Subscription>> {
  const { default_payment_method: method, payment_settings, pause_collection: pause } = input;
  const onMissing = input.trial_settings?.end_behavior?.missing_payment_method;
  return {
    cancellation_details: { ...subscription.cancellation_details!, ...input.cancellation_details },
    collection_method: input.collection_method,
    days_until_due: input.days_until_due,
    default_payment_method:
      method && (await methodOfCustomer(tx, subscription.customer, method, 'default_payment_method')),
    description: input.description,
    ...(input.discounts !== undefined && {
      discounts: await setSubscriptionDiscounts(
        tx,
        subscription,
        await tx.get('customer', subscription.customer),
        input.discounts,
      ),
    }),
    metadata: mergeMetadata(subscription.metadata, input.metadata),
    pause_collection: pause && { behavior: pause.behavior, resumes_at: pause.resumes_at ?? null },
    payment_settings: payment_settings && ({ ...subscription.payment_settings!, ...payment_settings } as never),
    trial_settings: onMissing
      ? { end_behavior: { billing_cycle_anchor: null, missing_payment_method: onMissing } }
      : undefined,
  };
}

/** What a subscription that waits for its first payment cannot change any more. */
const fixedAtFirst = ['add_invoice_items', 'billing_cycle_anchor', 'items', 'trial_end'] as const;

function refuseOddities({ status }: Subscription, input: UpdateInput): void {
  const fixed = status === 'incomplete' && fixedAtFirst.find((name) => input[name] !== undefined);
  if (fixed)
    throw invalidRequest(
      `An incomplete subscription cannot change its \`${fixed}\`: it waits for its first payment.`,
      fixed,
    );
  if (input.payment_behavior === 'pending_if_incomplete') {
    throw invalidRequest(
      'The sandbox does not model pending updates: use another `payment_behavior`.',
      'payment_behavior',
    );
  }
}
