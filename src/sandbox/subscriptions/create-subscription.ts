import type Stripe from 'stripe';
import { refuseUnsoldIn, sharedCurrency } from '../catalog/price-in.ts';
import { newId } from '../ids.ts';
import { collectInvoice } from '../invoices/collect-invoice.ts';
import type { Purchase } from '../invoices/invoice-line.ts';
import { defaultMethodOf } from '../invoices/method-for.ts';
import { setSubscriptionDiscounts } from '../promotions/subscription-discounts.ts';
import { newSetupIntent } from '../setup/new-setup-intent.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { refuseUnlocated } from '../tax/automatic-tax.ts';
import { ApiError, invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { boolean, currency, integer, text, timestamp } from '../wire/parameter-kinds.ts';
import { type Every, hash, list, missingParameter, notModelled, required, type Values } from '../wire/parameters.ts';
import { addIntervals } from './billing-period.ts';
import { cancelAt } from './cancel-at.ts';
import { itemPurchase } from './item-purchase.ts';
import { methodOfCustomer } from './method-of-customer.ts';
import { refuseOtherCurrency } from './one-currency.ts';
import { startSubscription } from './start-subscription.ts';
import { newItem, subscriptionParameters } from './subscription-parameters.ts';
import { trialEndOf } from './trial-end.ts';

export const createParameters = {
  ...subscriptionParameters,
  billing_cycle_anchor: timestamp,
  currency,
  customer: required(text()),
  items: required(list(hash(newItem), { max: 20 })),
  trial_period_days: integer({ min: 0, max: 730 }),
  ...notModelled(
    'application_fee_percent',
    'backdate_start_date',
    'billing_cycle_anchor_config',
    'billing_mode',
    'billing_schedules',
    'billing_thresholds',
    'customer_account',
    'on_behalf_of',
    'pending_invoice_item_interval',
    'transfer_data',
  ),
  off_session: boolean,
} satisfies Every<Stripe.SubscriptionCreateParams>;

export type CreateInput = Values<typeof createParameters>;

/** Starts a subscription and, unless told otherwise, charges its first invoice at once. */
export const createSubscription = operation(createParameters, async (tx, input) => {
  const subscription = await beginSubscription(tx, input);
  if (subscription.status !== 'incomplete') return subscription;
  const invoice = await tx.get('invoice', subscription.latest_invoice!);
  if (input.payment_behavior === 'default_incomplete') return subscription;
  const decline = await collectInvoice(tx, invoice);
  if (decline?.code === 'missing') throw invalidRequest(decline.message, undefined, 'resource_missing');
  if (decline && input.payment_behavior === 'error_if_incomplete') {
    throw new ApiError(402, { type: 'card_error', ...decline });
  }
  return subscription;
});

const unlocated =
  "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.";

/** Everything but the charge. */
export async function beginSubscription(tx: AccountTransaction, input: CreateInput) {
  const customer = await tx.refer('customer', input.customer, 'customer');
  refuseOddities(input);
  if (input.automatic_tax?.enabled) refuseUnlocated(customer.address, unlocated);
  if (!input.items.length) throw missingParameter('items');
  const purchases = [];
  for (const [index, item] of input.items.entries()) {
    purchases.push(await itemPurchase(tx, item, 'recurring', `items[${index}]`));
  }
  for (const [index, item] of (input.add_invoice_items ?? []).entries()) {
    purchases.push(await itemPurchase(tx, item, 'one_time', `add_invoice_items[${index}]`));
  }
  const prices = purchases.map(({ price }) => price);
  for (const [index, price] of prices.entries())
    if (input.currency) refuseUnsoldIn(price, input.currency, `items[${index}][price]`);
  const money = sharedCurrency(prices, input.currency ?? customer.currency);
  if (!money) throw invalidRequest('All prices on a subscription must have the same currency.', 'items');
  await refuseOtherCurrency(tx, customer, money);
  const { default_payment_method: method, payment_settings } = input;
  const trialEnd = trialEndOf(tx.now, { ...input, trial_period_days: trialDays(input, purchases) });
  const id = newId('sub_1');
  const bare = { currency: money, discounts: [], id };
  const subscription = await startSubscription(tx, {
    customer,
    purchases,
    trialEnd,
    anchor: anchorOf(tx.now, input, purchases),
    prorates: input.proration_behavior !== 'none',
    itemMetadata: input.items.map((item) => mergeMetadata({}, item.metadata)),
    given: {
      id,
      automatic_tax: { disabled_reason: null, enabled: input.automatic_tax?.enabled ?? false, liability: null },
      currency: money,
      collection_method: input.collection_method ?? 'charge_automatically',
      days_until_due: input.days_until_due ?? null,
      default_payment_method: method ? await methodOfCustomer(tx, customer.id, method, 'default_payment_method') : null,
      default_source: input.default_source ?? null,
      description: input.description ?? null,
      discounts: await setSubscriptionDiscounts(tx, bare, customer, input.discounts ?? null),
      metadata: mergeMetadata({}, input.metadata),
      payment_settings: {
        payment_method_options: null,
        payment_method_types: payment_settings?.payment_method_types ?? null,
        save_default_payment_method: payment_settings?.save_default_payment_method ?? 'off',
      } as never,
      trial_settings: {
        end_behavior: {
          billing_cycle_anchor: null,
          missing_payment_method: input.trial_settings?.end_behavior?.missing_payment_method ?? 'create_invoice',
        },
      },
    },
    adjust: (subscription) => cancelAt(tx, subscription, input),
  });
  const isFreeNow = subscription.status === 'trialing' || subscription.status === 'active';
  const asksForCard = input.payment_behavior === 'default_incomplete' && !method && !defaultMethodOf(customer);
  if (isFreeNow && asksForCard && subscription.collection_method === 'charge_automatically') {
    tx.update(subscription, { pending_setup_intent: newSetupIntent(tx, { customer: customer.id }).id });
  }
  return subscription;
}

function trialDays({ trial_end, trial_from_plan, trial_period_days }: CreateInput, purchases: Purchase[]) {
  if (!trial_from_plan || trial_end !== undefined) return trial_period_days;
  return trial_period_days ?? purchases[0]!.price.recurring?.trial_period_days ?? undefined;
}

function anchorOf(
  now: number,
  { billing_cycle_anchor: anchor }: CreateInput,
  purchases: Purchase[],
): number | undefined {
  if (anchor === undefined) return undefined;
  const intervals = purchases.flatMap(({ price }) => price.recurring ?? []);
  const natural = Math.min(...intervals.map((interval) => addIntervals(now, interval)));
  if (anchor > now && anchor <= natural) return anchor;
  throw invalidRequest(
    '`billing_cycle_anchor` must be in the future, and not after the next natural billing date.',
    'billing_cycle_anchor',
  );
}

function refuseOddities(input: CreateInput): void {
  if (input.billing_cycle_anchor !== undefined && (input.trial_end ?? input.trial_period_days) !== undefined) {
    const message = 'The sandbox does not model a trial together with `billing_cycle_anchor`.';
    throw invalidRequest(message, 'billing_cycle_anchor');
  }
  if (input.payment_behavior === 'pending_if_incomplete') {
    throw invalidRequest(
      '`pending_if_incomplete` can only be used when a subscription is updated.',
      'payment_behavior',
    );
  }
  if (input.collection_method === 'send_invoice' && input.days_until_due === undefined) {
    throw invalidRequest(
      'If you want to use `collection_method=send_invoice`, you must also specify `days_until_due`.',
      'days_until_due',
    );
  }
}
