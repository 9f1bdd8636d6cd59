import { newId } from '../ids.ts';
import type { Purchase } from '../invoices/invoice-line.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { addIntervals } from './billing-period.ts';
import { newSubscriptionItem } from './new-subscription-item.ts';

type Subscription = Stored<'subscription'>;

/** Adds a subscription that starts now, in a trial where `trialEnd` says so; the caller tells its status and says so by its event. */
export function newSubscription(
  tx: AccountTransaction,
  customer: Stored<'customer'>,
  purchases: Purchase[],
  { trialEnd, anchor }: { trialEnd?: number; anchor?: number },
  given: Partial<Subscription>,
): Subscription {
  const id = given.id ?? newId('sub_1');
  const price = purchases[0]!.price;
  const periodEnd = (purchase: Purchase) => trialEnd ?? anchor ?? addIntervals(tx.now, purchase.price.recurring!);
  const items = purchases.map((purchase) =>
    newSubscriptionItem(tx, id, purchase, { start: tx.now, end: periodEnd(purchase) }),
  );
  return tx.add<Subscription>({
    id,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: trialEnd ?? anchor ?? tx.now,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: 'charge_automatically',
    created: tx.now,
    currency: price.currency,
    customer: customer.id,
    customer_account: null,
    days_until_due: null,
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    items: { object: 'list', data: items, has_more: false, url: `/v1/subscription_items?subscription=${id}` },
    latest_invoice: null,
    livemode: false,
    managed_payments: null,
    metadata: {},
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: { payment_method_options: null, payment_method_types: null, save_default_payment_method: 'off' },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: tx.now,
    status: 'incomplete',
    test_clock: customer.test_clock ?? null,
    transfer_data: null,
    trial_end: trialEnd ?? null,
    trial_settings: { end_behavior: { billing_cycle_anchor: null, missing_payment_method: 'create_invoice' } },
    trial_start: trialEnd ? tx.now : null,
    ...given,
  });
}
