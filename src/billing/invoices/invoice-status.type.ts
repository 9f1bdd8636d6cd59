import { enumOf } from '../../graphql/enum-of.ts';
import type { InvoiceStatus } from './invoice-status.ts';

const descriptions: Record<InvoiceStatus, string> = {
  DRAFT: 'Not finalized: it may still change, and nobody owes it.',
  OPEN: 'Finalized, and to be paid.',
  PAID: 'Paid. Final.',
  VOID: 'Issued by mistake: nobody owes it. Final.',
  UNCOLLECTIBLE: 'Nobody expects it to be paid any more. It can still be.',
  UNKNOWN: "Stripe's status is newer than this server: read `stripeStatus`.",
};

export const InvoiceStatusEnum = enumOf('InvoiceStatus', 'Where an invoice stands, as Stripe sees it.', descriptions);
