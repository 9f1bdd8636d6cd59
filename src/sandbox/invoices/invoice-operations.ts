import type Stripe from 'stripe';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { announceChange } from '../subscriptions/announce-subscription.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { boolean } from '../wire/parameter-kinds.ts';
import type { Every } from '../wire/parameters.ts';
import { markUncollectible, stop, voidInvoice } from './end-invoice.ts';
import { finalizeInvoice } from './finalize-invoice.ts';

type Invoice = Stored<'invoice'>;

const parameters = { auto_advance: boolean } satisfies Every<Stripe.InvoiceFinalizeInvoiceParams>;

/** A draft of zero is paid by this; others wait to be paid, and charge themselves within the hour where they advance. */
export const finalize = operation(parameters, async (tx, { auto_advance }, id) => {
  const invoice = await tx.get('invoice', id!, 'invoice');
  refuseUnless(invoice, ['draft'], 'finalized', 'This invoice is already finalized');
  tx.update(invoice, { auto_advance });
  await finalizeInvoice(tx, invoice, await tx.get('customer', invoice.customer!));
  const charges = isOpen(invoice) && invoice.auto_advance && invoice.collection_method === 'charge_automatically';
  if (charges) {
    tx.update(invoice, { next_payment_attempt: tx.now + 3_600 });
    tx.schedule('invoice.retry', invoice.id, tx.now + 3_600);
  }
  return invoice;
});

export const send = operation({}, async (tx, _input, id) => {
  const invoice = await tx.get('invoice', id!, 'invoice');
  refuseUnless(invoice, ['draft', 'open', 'uncollectible', 'paid'], 'sent');
  if (!invoice.customer_email) {
    throw invalidRequest('Missing email. In order to send an invoice, the customer must have a valid email.');
  }
  if (invoice.status === 'draft') await finalizeInvoice(tx, invoice, await tx.get('customer', invoice.customer!));
  tx.emit('invoice.sent', invoice);
  return invoice;
});

export const makeVoid = operation({}, async (tx, _input, id) => {
  const invoice = await tx.get('invoice', id!, 'invoice');
  refuseUnless(invoice, ['open', 'uncollectible'], 'voided');
  await voidInvoice(tx, invoice);
  await settleOwner(tx, invoice);
  return invoice;
});

export const makeUncollectible = operation({}, async (tx, _input, id) => {
  const invoice = await tx.get('invoice', id!, 'invoice');
  refuseUnless(invoice, ['open'], 'marked uncollectible');
  await markUncollectible(tx, invoice);
  return invoice;
});

/** Only a one-off draft can be deleted; its items wait for the next invoice again. */
export const deleteInvoice = operation({}, async (tx, _input, id) => {
  const invoice = await tx.get('invoice', id!, 'invoice');
  refuseUnless(invoice, ['draft'], 'deleted');
  if (invoice.parent?.subscription_details) {
    throw invalidRequest('You can only delete one-off draft invoices: finalize and void an invoice of a subscription.');
  }
  for (const item of await tx.all('invoiceitem', { invoice: invoice.id })) tx.update(item, { invoice: null });
  stop(tx, invoice);
  tx.emit('invoice.deleted', invoice);
  tx.remove(invoice);
  return { id: invoice.id, object: 'invoice', deleted: true };
});

/** With its latest invoice void, a subscription owes nothing. */
async function settleOwner(tx: AccountTransaction, invoice: Invoice): Promise<void> {
  const id = invoice.parent?.subscription_details?.subscription;
  const owner = id ? await tx.find('subscription', id) : undefined;
  if (owner?.latest_invoice !== invoice.id || owner.status !== 'past_due') return;
  const before = structuredClone(owner);
  tx.update(owner, { status: 'active' });
  await announceChange(tx, owner, before);
}

const isOpen = ({ status }: Invoice) => status === 'open';

export function refuseUnless(
  invoice: Invoice,
  allowed: string[],
  done: string,
  begin = `This invoice cannot be ${done}`,
) {
  if (allowed.includes(invoice.status!)) return;
  throw invalidRequest(
    `${begin}: its status is ${invoice.status}, and must be ${allowed.join(' or ')}.`,
    undefined,
    'invoice_not_editable',
  );
}
