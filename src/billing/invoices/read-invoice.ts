import type Stripe from 'stripe';
import { idOf } from '../../ingestion/mirror/seen.ts';

type Reference = string | { id: string } | null;

/** Before 2025-03-31 an invoice named its subscription itself, and its taxes otherwise. */
type OldInvoice = {
  subscription?: Reference;
  subscription_details?: { metadata?: Stripe.Metadata | null } | null;
  total_tax_amounts?: { amount: number }[] | null;
};

type OldLine = {
  price?: Reference;
  proration?: boolean;
  subscription_item?: string | null;
  tax_amounts?: { amount: number }[] | null;
};

/** What newer and older shapes of an invoice say in different places. Amounts are in minor units. */
export function readInvoice(invoice: Stripe.Invoice) {
  const old = invoice as OldInvoice;
  const details = invoice.parent?.subscription_details;
  const subscription = details?.subscription ?? old.subscription;
  return {
    stripeSubscriptionId: subscription ? idOf(subscription) : null,
    subscriptionMetadata: details?.metadata ?? old.subscription_details?.metadata ?? null,
    tax: sumOf(invoice.total_taxes ?? old.total_tax_amounts),
    lines: invoice.lines.data.map(readLine),
  };
}

function readLine(line: Stripe.InvoiceLineItem) {
  const old = line as OldLine;
  const { subscription_item_details: recurring, invoice_item_details: once } = line.parent ?? {};
  const price = line.pricing?.price_details?.price ?? old.price;
  return {
    line,
    stripePriceId: price ? idOf(price) : null,
    stripeSubscriptionItemId: recurring?.subscription_item ?? old.subscription_item ?? null,
    isProration: recurring?.proration ?? once?.proration ?? old.proration ?? false,
    tax: sumOf(line.taxes ?? old.tax_amounts),
  };
}

const sumOf = (taxes: { amount: number }[] | null | undefined) =>
  (taxes ?? []).reduce((sum, { amount }) => sum + amount, 0);
