import type Stripe from 'stripe';
import { newId } from '../ids.ts';
import { discountsFor } from '../promotions/discount-lines.ts';
import { newDiscount } from '../promotions/new-discount.ts';
import { offerOf, offers } from '../promotions/offer.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { currency, oneOf, text } from '../wire/parameter-kinds.ts';
import { type Every, missingParameter, notModelled, unsettable } from '../wire/parameters.ts';
import { invoiceParameters } from './invoice-parameters.ts';
import { invoicePatch } from './invoice-patch.ts';
import { newInvoice } from './new-invoice.ts';
import { pendingItems } from './new-invoice-item.ts';

const parameters = {
  ...invoiceParameters,
  currency,
  customer: text(),
  discounts: unsettable(offers),
  pending_invoice_items_behavior: oneOf('exclude', 'include'),
  subscription: text(),
  ...notModelled('customer_account', 'from_invoice'),
} satisfies Every<Stripe.InvoiceCreateParams>;

const untilFinal = 3_600;

/** A draft, of the customer's pending invoice items where it asks for them; it stands by itself after an hour if it advances. */
export const createInvoice = operation(parameters, async (tx, input) => {
  const subscription = input.subscription
    ? await tx.refer('subscription', input.subscription, 'subscription')
    : undefined;
  const payer = input.customer ?? subscription?.customer;
  if (!payer) throw missingParameter('customer');
  const customer = await tx.refer('customer', payer, 'customer');
  if (subscription && subscription.customer !== customer.id) {
    throw invalidRequest(`The subscription ${subscription.id} belongs to another customer.`, 'subscription');
  }
  const includes = input.pending_invoice_items_behavior === 'include' || subscription;
  const pending = includes ? await pendingItems(tx, customer.id, subscription?.id) : [];
  const money = input.currency ?? subscription?.currency ?? pending[0]?.currency ?? customer.currency ?? 'usd';
  const items = pending.filter((item) => item.currency === money);
  if (subscription && !items.length)
    throw invalidRequest('Nothing to invoice for subscription', 'subscription', 'invoice_no_subscription_line_items');
  const id = newId('in_1');
  const discounts = input.discounts === undefined ? await discountsFor(tx, customer, subscription) : [];
  for (const [index, given] of (input.discounts ?? []).entries()) {
    const offer = await offerOf(tx, given, { customer, currency: money }, `discounts[${index}]`);
    discounts.push(newDiscount(tx, offer, { customer: customer.id, invoice: id }));
  }
  const invoice = newInvoice(
    tx,
    customer,
    [],
    {
      id,
      auto_advance: input.auto_advance ?? false,
      billing_reason: subscription ? 'subscription_update' : 'manual',
      currency: money,
      parent: subscription
        ? {
            quote_details: null,
            subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
            type: 'subscription_details',
          }
        : null,
      ...(await invoicePatch(tx, customer.id, undefined, input)),
    },
    { items, discounts },
  );
  if (subscription) tx.update(subscription, { latest_invoice: invoice.id });
  if (invoice.auto_advance) {
    tx.update(invoice, { automatically_finalizes_at: input.automatically_finalizes_at ?? tx.now + untilFinal });
  }
  tx.schedule('invoice.finalize', invoice.id, invoice.automatically_finalizes_at);
  return invoice;
});
