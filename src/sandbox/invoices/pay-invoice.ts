import type Stripe from 'stripe';
import type { Decline } from '../payment-methods/test-cards.ts';
import { methodOfCustomer } from '../subscriptions/method-of-customer.ts';
import { ApiError, invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { boolean, text } from '../wire/parameter-kinds.ts';
import { type Every, notModelled } from '../wire/parameters.ts';
import { collectInvoice } from './collect-invoice.ts';
import { finalizeInvoice } from './finalize-invoice.ts';
import { refuseUnless } from './invoice-operations.ts';
import { openPayment } from './invoice-payment.ts';
import { markInvoicePaid } from './mark-invoice-paid.ts';
import { methodFor } from './method-for.ts';

const parameters = {
  forgive: boolean,
  off_session: boolean,
  paid_out_of_band: boolean,
  payment_method: text(),
  source: text(),
  ...notModelled('mandate'),
} satisfies Every<Stripe.InvoicePayParams>;

const actionRequired: Decline = {
  code: 'invoice_payment_intent_requires_action',
  message:
    'Payment for this invoice requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with the invoice.',
};

/** Charges an invoice now, a draft too, or notes that it was paid elsewhere. */
export const payInvoice = operation(parameters, async (tx, input, id) => {
  const invoice = await tx.get('invoice', id!, 'invoice');
  if (invoice.status === 'paid') throw invalidRequest('Invoice is already paid', undefined, 'invoice_already_paid');
  refuseUnless(invoice, ['draft', 'open', 'uncollectible'], 'paid');
  const told = input.payment_method ?? input.source;
  const method = told
    ? await tx.get('payment_method', await methodOfCustomer(tx, invoice.customer!, told, 'payment_method'))
    : await methodFor(tx, invoice);
  if (invoice.status === 'draft') await finalizeInvoice(tx, invoice, await tx.get('customer', invoice.customer!));
  if (isPaid(invoice.status)) return invoice;
  if (input.paid_out_of_band) {
    await markInvoicePaid(tx, invoice, 'out_of_band');
    return invoice;
  }
  if (!method) {
    const message = 'There is no `default_payment_method` set on this Customer or Invoice. Please set one.';
    throw invalidRequest(message, undefined, 'missing');
  }
  const decline = await collectInvoice(tx, invoice, method);
  if (!decline) return invoice;
  const open = await openPayment(tx, invoice);
  const isWaiting = open?.payment.status === 'requires_action';
  const error = isWaiting ? actionRequired : decline;
  throw new ApiError(402, { type: 'card_error', ...error, payment_intent: open?.payment }, true);
});

const isPaid = (status: string | null) => status === 'paid';
