import type Stripe from 'stripe';
import { newId } from '../../ids.ts';
import { withoutRouting } from '../../ingestion/mirror/routing.ts';
import { instantOf } from '../../ingestion/mirror/seen.ts';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import { invoiceStatusOf } from './invoice-status.ts';
import { readInvoice } from './read-invoice.ts';

/** An invoice as Stripe showed it, with our ids of the row and of what it refers to. */
export type InvoiceState = {
  id: string;
  object: Stripe.Invoice;
  evidence: number;
  customer: { id: string; projectId: string };
  /** Our ids by Stripe's. */
  subscriptions: Map<string, string>;
  prices: Map<string, string>;
};

/** The columns of the invoice's row. */
export function invoiceRowOf(connection: Pick<OpenConnection, 'id' | 'environment'>, state: InvoiceState) {
  const { object, customer, subscriptions } = state;
  const { stripeSubscriptionId, tax } = readInvoice(object);
  const { finalized_at, paid_at, voided_at, marked_uncollectible_at } = object.status_transitions;
  return {
    id: state.id,
    project_id: customer.projectId,
    environment: connection.environment,
    connection_id: connection.id,
    evidence: state.evidence,
    customer_id: customer.id,
    subscription_id: (stripeSubscriptionId && subscriptions.get(stripeSubscriptionId)) ?? null,
    stripe_invoice_id: object.id,
    number: object.number,
    status: invoiceStatusOf(object.status),
    stripe_status: object.status ?? 'unknown',
    billing_reason: object.billing_reason?.toUpperCase() ?? null,
    collection_method: object.collection_method.toUpperCase(),
    currency: object.currency.toUpperCase(),
    subtotal: object.subtotal,
    tax,
    total: object.total,
    amount_due: object.amount_due,
    amount_paid: object.amount_paid,
    amount_remaining: object.amount_remaining,
    attempt_count: object.attempt_count,
    next_payment_attempt: instantOf(object.next_payment_attempt),
    period_start: instantOf(object.period_start),
    period_end: instantOf(object.period_end),
    due_date: instantOf(object.due_date),
    finalized_at: instantOf(finalized_at),
    paid_at: instantOf(paid_at),
    voided_at: instantOf(voided_at),
    marked_uncollectible_at: instantOf(marked_uncollectible_at),
    hosted_invoice_url: object.hosted_invoice_url ?? null,
    invoice_pdf: object.invoice_pdf ?? null,
    description: object.description,
    metadata: withoutRouting(object.metadata),
    created_at: instantOf(object.created),
    updated_at: new Date(),
  };
}

/** The columns of its lines' rows, in their order. */
export function lineRowsOf(
  connection: Pick<OpenConnection, 'id' | 'environment'>,
  { id, object, customer, prices }: InvoiceState,
) {
  return readInvoice(object).lines.map(({ line, ...read }) => ({
    id: newId('il'),
    project_id: customer.projectId,
    environment: connection.environment,
    invoice_id: id,
    price_id: (read.stripePriceId && prices.get(read.stripePriceId)) ?? null,
    stripe_line_id: line.id,
    stripe_subscription_item_id: read.stripeSubscriptionItemId,
    description: line.description,
    amount: line.amount,
    currency: line.currency.toUpperCase(),
    quantity: line.quantity ?? null,
    tax: read.tax,
    proration: read.isProration,
    period_start: instantOf(line.period.start),
    period_end: instantOf(line.period.end),
    created_at: instantOf(object.created),
    updated_at: new Date(),
  }));
}
