import type Stripe from 'stripe';
import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { type Every, notModelled } from '../wire/parameters.ts';
import { invoiceParameters } from './invoice-parameters.ts';
import { invoicePatch } from './invoice-patch.ts';

/** What still changes on an invoice that stands. */
const always = ['auto_advance', 'default_payment_method', 'metadata', 'payment_settings'];

const parameters = { ...invoiceParameters, ...notModelled('discounts') } satisfies Every<Stripe.InvoiceUpdateParams>;

export const updateInvoice = operation(parameters, async (tx, input, id) => {
  const invoice = await tx.get('invoice', id!, 'invoice');
  const frozen = Object.keys(input).find((name) => !always.includes(name));
  if (frozen && invoice.status !== 'draft') {
    throw invalidRequest(
      `Finalized invoices can't be updated in this way: \`${frozen}\` can only be changed on a draft.`,
      frozen,
      'invoice_not_editable',
    );
  }
  const previous = tx.update(invoice, await invoicePatch(tx, invoice.customer!, invoice, input));
  if (invoice.status === 'draft') {
    const at = invoice.auto_advance
      ? (input.automatically_finalizes_at ?? invoice.automatically_finalizes_at ?? tx.now + 3_600)
      : null;
    tx.update(invoice, { automatically_finalizes_at: at });
    tx.schedule('invoice.finalize', invoice.id, at);
  }
  if (previous) tx.emit('invoice.updated', invoice, previous);
  return invoice;
});
