import type Stripe from 'stripe';
import { runStatement } from '../../database/run-statement.ts';
import { newId } from '../../ids.ts';
import { idOf, instantOf, type Seen, type SyncOutcome, type SyncTools } from '../../ingestion/mirror/seen.ts';
import { syncRows } from '../../ingestion/mirror/sync-rows.ts';
import { wakeReferrals } from '../../referrals/life/wake-referrals.ts';
import { stripePaymentOf } from './stripe-payment-of.ts';

type SeenLink = Seen<Stripe.InvoicePayment>;

/** Brings Stripe's links of invoices to payments to our rows, each to its invoice, whose they are. The payment is marked with it. */
export async function syncInvoicePayments(tools: SyncTools, seen: SeenLink[]): Promise<SyncOutcome[]> {
  const invoices = await findInvoices(tools, seen);
  const payments = await findPayments(tools, seen);
  const { outcomes, written } = await syncRows<Stripe.InvoicePayment>(tools, seen, {
    table: 'invoice_payment',
    key: 'stripe_invoice_payment_id',
    decide({ object, evidence, projectHint }, before) {
      if (!object) return 'ignored';
      const invoiceId = idOf(object.invoice);
      const invoice = invoices.get(invoiceId);
      if (!invoice) return { missing: [{ object: 'invoice', id: invoiceId, projectHint }] };
      const { projectId } = invoice;
      const paymentId = stripePaymentOf(object);
      const payment = paymentId === null ? null : payments.get(paymentId);
      if (paymentId && !payment)
        return { missing: [{ object: 'payment_intent', id: paymentId, projectHint: projectId }] };
      return {
        id: before?.id ?? newId('ipy'),
        project_id: projectId,
        environment: tools.connection.environment,
        connection_id: tools.connection.id,
        evidence,
        customer_id: invoice.customerId,
        invoice_id: invoice.id,
        payment_id: payment?.projectId === projectId ? payment.id : null,
        stripe_invoice_payment_id: object.id,
        stripe_status: object.status,
        currency: object.currency.toUpperCase(),
        amount_paid: object.amount_paid,
        created_at: instantOf(object.created),
        updated_at: new Date(),
      };
    },
  });
  await markPayments(
    tools,
    written.flatMap(({ row }) => (row.payment_id && row.stripe_status !== 'canceled' ? row.id : [])),
  );
  // What was refunded of an invoice is known by its payments.
  await wakeReferrals(
    tools,
    written.map(({ row }) => row.customer_id as string),
  );
  return outcomes;
}

/** The payments are locked already, in the order of their ids, where they are written too (see syncPayments). */
async function markPayments({ em }: SyncTools, linkIds: string[]): Promise<void> {
  if (!linkIds.length) return;
  await runStatement(
    em,
    `with marked as (
       select payment.id, link.invoice_id, invoice.stripe_invoice_id from invoice_payment link
       join payment on payment.id = link.payment_id join invoice on invoice.id = link.invoice_id
       where link.id = any($1) and payment.invoice_id is distinct from link.invoice_id
       order by payment.id for no key update of payment
     )
     update payment set invoice_id = marked.invoice_id, stripe_invoice_id = marked.stripe_invoice_id, updated_at = now()
     from marked where payment.id = marked.id`,
    [linkIds],
  );
}

type Known = { id: string; projectId: string; customerId: string };

async function findInvoices({ em, connection }: SyncTools, seen: SeenLink[]): Promise<Map<string, Known>> {
  const rows = await runStatement<Known & { stripe_id: string }>(
    em,
    `select stripe_invoice_id as stripe_id, id, project_id as "projectId", customer_id as "customerId" from invoice
     where connection_id = $1 and stripe_invoice_id = any($2)`,
    [connection.id, seen.flatMap(({ object }) => (object ? idOf(object.invoice) : []))],
  );
  return new Map(rows.map((row) => [row.stripe_id, row]));
}

async function findPayments({ em, connection }: SyncTools, seen: SeenLink[]) {
  const rows = await runStatement<Pick<Known, 'id' | 'projectId'> & { stripe_id: string }>(
    em,
    `select stripe_payment_intent_id as stripe_id, id, project_id as "projectId" from payment
     where connection_id = $1 and stripe_payment_intent_id = any($2)`,
    [connection.id, seen.flatMap(({ object }) => stripePaymentOf(object) ?? [])],
  );
  return new Map(rows.map((row) => [row.stripe_id, row]));
}
