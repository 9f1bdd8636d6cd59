import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import { runStatement } from '../../database/run-statement.ts';
import { instantOf } from '../../ingestion/mirror/seen.ts';
import type { Tenant } from '../../tenant.ts';
import { readInvoice } from './read-invoice.ts';

type Money = { amount: bigint; currency: string };

/** An invoice that does not exist yet: what Stripe would bill. */
export type InvoicePreview = {
  subtotal: Money;
  discount: Money;
  tax: Money;
  total: Money;
  /** The customer's balance before: negative where the customer has a credit. */
  startingBalance: Money;
  amountDue: Money;
  billingReason: string | null;
  collectionMethod: string;
  /** When Stripe takes the money; null where the invoice is sent. */
  nextPaymentAttempt: Date | null;
  /** Until when it is to be paid; null where it is charged automatically. */
  dueDate: Date | null;
  periodStart: Date;
  periodEnd: Date;
  /** When it would be made. */
  billedAt: Date;
  /** By which time a change is prorated; null where none is. */
  prorationDate: Date | null;
  lines: InvoicePreviewLine[];
  /** Whether there are more lines than Stripe shows. */
  hasMoreLines: boolean;
};

export type InvoicePreviewLine = {
  description: string | null;
  amount: Money;
  tax: Money;
  quantity: bigint | null;
  proration: boolean;
  periodStart: Date;
  periodEnd: Date;
  /** Our id; null where there is no price, or it is not of this project. */
  priceId: string | null;
  stripeSubscriptionItemId: string | null;
};

/** What Stripe answered to `invoices.createPreview`, in the words of the graph. Ours of the prices are read by one statement. */
export async function readInvoicePreview(
  { em }: { em: EntityManager },
  tenant: Pick<Tenant, 'projectId' | 'environment'>,
  invoice: Stripe.Invoice,
): Promise<InvoicePreview> {
  const { tax, lines } = readInvoice(invoice);
  const priceIds = await findPriceIds({ em }, tenant, lines);
  const money = moneyIn(invoice.currency);
  return {
    subtotal: money(invoice.subtotal),
    discount: money((invoice.total_discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0)),
    tax: money(tax),
    total: money(invoice.total),
    startingBalance: money(invoice.starting_balance),
    amountDue: money(invoice.amount_due),
    billingReason: invoice.billing_reason?.toUpperCase() ?? null,
    collectionMethod: invoice.collection_method.toUpperCase(),
    nextPaymentAttempt: instantOf(invoice.next_payment_attempt),
    dueDate: instantOf(invoice.due_date),
    periodStart: instantOf(invoice.period_start),
    periodEnd: instantOf(invoice.period_end),
    billedAt: instantOf(invoice.created),
    prorationDate: instantOf(invoice.parent?.subscription_details?.subscription_proration_date),
    lines: lines.map(({ line, stripePriceId, stripeSubscriptionItemId, isProration, tax }) => ({
      description: line.description,
      amount: moneyIn(line.currency)(line.amount),
      tax: moneyIn(line.currency)(tax),
      quantity: line.quantity == null ? null : BigInt(line.quantity),
      proration: isProration,
      periodStart: instantOf(line.period.start),
      periodEnd: instantOf(line.period.end),
      priceId: (stripePriceId && priceIds.get(stripePriceId)) ?? null,
      stripeSubscriptionItemId,
    })),
    hasMoreLines: invoice.lines.has_more,
  };
}

const moneyIn =
  (currency: string) =>
  (amount: number): Money => ({ amount: BigInt(amount), currency: currency.toUpperCase() });

/** By Stripe's ids. */
async function findPriceIds(
  { em }: { em: EntityManager },
  { projectId, environment }: Pick<Tenant, 'projectId' | 'environment'>,
  lines: { stripePriceId: string | null }[],
): Promise<Map<string, string>> {
  const rows = await runStatement<{ id: string; stripe_id: string }>(
    em,
    `select id, stripe_price_id as stripe_id from price
     where project_id = $1 and environment = $2 and stripe_price_id = any($3)`,
    [projectId, environment, lines.flatMap(({ stripePriceId }) => stripePriceId ?? [])],
  );
  return new Map(rows.map(({ id, stripe_id }) => [stripe_id, id]));
}
