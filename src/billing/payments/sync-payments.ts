import type Stripe from 'stripe';
import { runStatement } from '../../database/run-statement.ts';
import { newId } from '../../ids.ts';
import { recordBillingEvents } from '../../ingestion/billing-events/record-billing-events.ts';
import { findOwners } from '../../ingestion/mirror/find-owners.ts';
import { withoutRouting } from '../../ingestion/mirror/routing.ts';
import { idOf, instantOf, type Seen, type SyncOutcome, type SyncTools } from '../../ingestion/mirror/seen.ts';
import { type Before, syncRows } from '../../ingestion/mirror/sync-rows.ts';
import { stripePaymentOf } from '../invoice-payments/stripe-payment-of.ts';
import { factsOfPayment, type PaymentBefore } from './facts-of-payment.ts';
import { failedAttemptOf } from './failed-attempt.ts';
import { paymentStatusOf } from './payment-statuses.ts';

/** Versions before 2025-03-31 say which invoice is paid. */
type SeenPayment = Seen<Stripe.PaymentIntent & { invoice?: string | { id: string } | null }>;

/** Brings Stripe's PaymentIntents to our rows, each into the project of its customer, or that its metadata names. */
export async function syncPayments(tools: SyncTools, seen: SeenPayment[]): Promise<SyncOutcome[]> {
  const customers = seen.map(({ object }) => (object?.customer ? idOf(object.customer) : null));
  const { ownerOf } = await findOwners(tools, customers);
  const invoices = await findInvoices(tools, seen);
  const { outcomes, written } = await syncRows<NonNullable<SeenPayment['object']>, Before & PaymentBefore>(
    tools,
    seen,
    {
      table: 'payment',
      key: 'stripe_payment_intent_id',
      columns: ['status', 'stripe_invoice_id', 'invoice_id', 'last_error_attempt'],
      locked: paymentsOf(tools.alongside?.('invoice_payment')),
      decide({ object, evidence, projectHint, gone }, before) {
        if (!object) return 'ignored';
        const customer = object.customer ? idOf(object.customer) : null;
        const owner = ownerOf({ customer, metadata: object.metadata, before: before?.project_id, projectHint });
        if (owner === 'unrouted' || 'missing' in owner) return owner;
        const invoiceId = object.invoice ? idOf(object.invoice) : null;
        const invoice = invoiceId === null ? undefined : invoices.get(invoiceId);
        if (invoiceId && !invoice && !gone?.has(invoiceId))
          return { missing: [{ object: 'invoice', id: invoiceId, projectHint: owner.projectId, mayBeGone: true }] };
        const error = object.last_payment_error;
        return {
          id: before?.id ?? newId('pay'),
          project_id: owner.projectId,
          environment: tools.connection.environment,
          connection_id: tools.connection.id,
          evidence,
          customer_id: owner.customerId,
          stripe_payment_intent_id: object.id,
          status: paymentStatusOf(object.status),
          stripe_status: object.status,
          currency: object.currency.toUpperCase(),
          amount: object.amount,
          amount_received: object.amount_received,
          description: object.description ?? null,
          receipt_email: object.receipt_email ?? null,
          stripe_invoice_id: invoiceId ?? before?.stripe_invoice_id ?? null,
          invoice_id: invoice?.projectId === owner.projectId ? invoice.id : (before?.invoice_id ?? null),
          stripe_latest_charge_id: object.latest_charge ? idOf(object.latest_charge) : null,
          stripe_payment_method_id: object.payment_method ? idOf(object.payment_method) : null,
          last_error_code: error?.code ?? null,
          last_error_decline_code: error?.decline_code ?? null,
          last_error_message: error?.message ?? null,
          last_error_attempt: failedAttemptOf(object),
          canceled_at: instantOf(object.canceled_at),
          cancellation_reason: object.cancellation_reason ?? null,
          metadata: withoutRouting(object.metadata),
          created_at: instantOf(object.created),
          updated_at: new Date(),
        };
      },
    },
  );
  await recordBillingEvents(tools.em, written.flatMap(factsOfPayment));
  return outcomes;
}

/** Links to invoices mark their payments. */
const paymentsOf = (links: Seen<unknown>[] = []) =>
  links.flatMap(({ object }) => stripePaymentOf(object as Stripe.InvoicePayment | null) ?? []);

type KnownInvoice = { id: string; projectId: string };

/** Our rows of the invoices that the payments name, by Stripe's ids. */
async function findInvoices({ em, connection }: SyncTools, seen: SeenPayment[]): Promise<Map<string, KnownInvoice>> {
  const ids = seen.flatMap(({ object }) => (object?.invoice ? idOf(object.invoice) : []));
  if (!ids.length) return new Map();
  const rows = await runStatement<KnownInvoice & { stripe_id: string }>(
    em,
    `select stripe_invoice_id as stripe_id, id, project_id as "projectId" from invoice
     where connection_id = $1 and stripe_invoice_id = any($2)`,
    [connection.id, ids],
  );
  return new Map(rows.map((row) => [row.stripe_id, row]));
}
