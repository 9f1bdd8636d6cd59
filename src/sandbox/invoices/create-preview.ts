import type Stripe from 'stripe';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { nextPeriodEnd } from '../subscriptions/announce-subscription.ts';
import { endWithBill } from '../subscriptions/cancel-subscription.ts';
import { beginSubscription } from '../subscriptions/create-subscription.ts';
import { renew } from '../subscriptions/renew-subscription.ts';
import { changedItem, prorationBehavior, timeOr } from '../subscriptions/subscription-parameters.ts';
import { applyUpdate, billingCycleAnchor } from '../subscriptions/update-subscription.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { boolean, currency, oneOf, text, timestamp } from '../wire/parameter-kinds.ts';
import { type Every, hash, list, missingParameter, notModelled, unsettable, type Values } from '../wire/parameters.ts';
import { itemParameters } from './invoice-item-parameters.ts';
import { addPreviewItems } from './preview-items.ts';

type Invoice = Stored<'invoice'>;
type Subscription = Stored<'subscription'>;

const subscriptionDetails = {
  billing_cycle_anchor: billingCycleAnchor,
  cancel_at: unsettable(timeOr('max_period_end', 'min_period_end')),
  cancel_at_period_end: boolean,
  cancel_now: boolean,
  items: list(hash(changedItem), { max: 20 }),
  metadata,
  proration_behavior: prorationBehavior,
  proration_date: timestamp,
  trial_end: timeOr('now'),
  ...notModelled('billing_mode', 'billing_schedules', 'default_tax_rates', 'pause', 'resume_at', 'start_date'),
} satisfies Every<Stripe.InvoiceCreatePreviewParams.SubscriptionDetails>;

const parameters = {
  automatic_tax: hash({ enabled: boolean }),
  currency,
  customer: text(),
  invoice_items: list(hash({ ...itemParameters, invoiceitem: text(), price: text(), currency }), { max: 250 }),
  preview_mode: oneOf('next', 'recurring'),
  subscription: text(),
  subscription_details: hash(subscriptionDetails),
  ...notModelled(
    'customer_account',
    'customer_details',
    'discounts',
    'issuer',
    'on_behalf_of',
    'schedule',
    'schedule_details',
  ),
} satisfies Every<Stripe.InvoiceCreatePreviewParams>;

export type PreviewInput = Values<typeof parameters>;

/**
 * The invoice that the customer gets next, with the change that the request describes. Everything is really done, looked at, and undone:
 * a preview is what will happen.
 */
export const createPreview = operation(parameters, async (tx, input) => {
  const invoice = structuredClone(await nextInvoice(tx, input));
  await tx.discard();
  const id = invoice.id.replace('in_', 'upcoming_in_');
  const isCharged = invoice.collection_method === 'charge_automatically' && invoice.status === 'draft';
  const data = invoice.lines.data.map((line) => ({ ...line, invoice: id }));
  return {
    ...invoice,
    id,
    confirmation_secret: null,
    ending_balance: Math.min(0, invoice.total + invoice.starting_balance),
    hosted_invoice_url: null,
    invoice_pdf: null,
    next_payment_attempt: isCharged ? (invoice.next_payment_attempt ?? invoice.automatically_finalizes_at) : null,
    lines: { ...invoice.lines, data },
    number: null,
    parent: withProrationDate(invoice),
    status: 'draft',
  };
});

async function nextInvoice(tx: AccountTransaction, input: PreviewInput): Promise<Invoice> {
  const { subscription: id, customer } = input;
  if (!id && !customer) throw missingParameter('customer');
  await addPreviewItems(tx, input);
  if (id) return invoiceOf(tx, await tx.refer('subscription', id, 'subscription'), input);
  const { id: payer } = await tx.refer('customer', customer!, 'customer');
  if (input.subscription_details?.items) return firstInvoice(tx, payer, input);
  const [running] = await tx.all('subscription', { customer: payer, status: ['active', 'past_due', 'trialing'] });
  if (running) return invoiceOf(tx, running, input);
  throw invalidRequest(`No upcoming invoices for customer: ${payer}`, undefined, 'invoice_upcoming_none');
}

async function firstInvoice(
  tx: AccountTransaction,
  customer: string,
  { currency, subscription_details = {} }: PreviewInput,
) {
  const { items = [], trial_end } = subscription_details;
  const subscription = await beginSubscription(tx, { currency, customer, items, trial_end });
  return tx.get('invoice', subscription.latest_invoice!);
}

async function invoiceOf(
  tx: AccountTransaction,
  subscription: Subscription,
  { subscription_details, preview_mode }: PreviewInput,
) {
  const { cancel_now, ...change } = subscription_details ?? {};
  const latest = subscription.latest_invoice;
  if (cancel_now) await endWithBill(tx, subscription, change.proration_behavior !== 'none');
  else if (Object.keys(change).length) {
    // A change of the items is looked at by itself: what a schedule says comes after it.
    if (change.items) tx.update(subscription, { schedule: null });
    const isRecurring = preview_mode === 'recurring';
    await applyUpdate(tx, subscription, { ...change, ...(isRecurring && { proration_behavior: 'none' as const }) });
  }
  if (subscription.latest_invoice === latest && !subscription.ended_at) {
    tx.stayAt(Math.max(tx.now, nextPeriodEnd(subscription)));
    await renew(tx, subscription.id);
  }
  if (subscription.latest_invoice !== latest) return tx.get('invoice', subscription.latest_invoice!);
  throw invalidRequest(`No upcoming invoices for subscription: ${subscription.id}`, undefined, 'invoice_upcoming_none');
}

/** The time by which the change in question is prorated. What waits of earlier ones is prorated by theirs. */
function withProrationDate({ parent, lines }: Invoice): Invoice['parent'] {
  const details = parent?.subscription_details;
  const dates = lines.data.flatMap(({ parent: from, period }) =>
    (from?.subscription_item_details ?? from?.invoice_item_details)?.proration ? period.start : [],
  );
  if (!parent || !details || !dates.length) return parent;
  return { ...parent, subscription_details: { ...details, subscription_proration_date: Math.max(...dates) } };
}
