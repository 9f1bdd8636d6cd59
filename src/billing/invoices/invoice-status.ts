import type Stripe from 'stripe';

export const invoiceStatuses = ['DRAFT', 'OPEN', 'PAID', 'VOID', 'UNCOLLECTIBLE', 'UNKNOWN'] as const;
export type InvoiceStatus = (typeof invoiceStatuses)[number];

const known: Record<string, InvoiceStatus> = {
  draft: 'DRAFT',
  open: 'OPEN',
  paid: 'PAID',
  void: 'VOID',
  uncollectible: 'UNCOLLECTIBLE',
} satisfies Partial<Record<Stripe.Invoice.Status, InvoiceStatus>>;

/** Our status for Stripe's word; `UNKNOWN` for one that this server is too old to know. */
export const invoiceStatusOf = (stripeStatus: string | null): InvoiceStatus => known[stripeStatus ?? ''] ?? 'UNKNOWN';
