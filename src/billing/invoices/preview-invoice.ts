import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import { isNothingUpcoming } from '../../stripe/stripe-trouble.ts';
import type { Tenant } from '../../tenant.ts';
import { type InvoicePreview, readInvoicePreview } from './invoice-preview.ts';

/**
 * Asks Stripe what it would bill. Nothing is changed, in Stripe or here. Call it outside of a transaction.
 * @param parameters Stripe's: whose invoice, and with which changes.
 * @returns null where nothing is going to be billed.
 * @throws Stripe's failure, which becomes a refusal.
 */
export async function previewInvoice(
  { em, stripe }: { em: EntityManager; stripe: Stripe },
  tenant: Pick<Tenant, 'projectId' | 'environment'>,
  parameters: Stripe.InvoiceCreatePreviewParams,
): Promise<InvoicePreview | null> {
  const invoice = await stripe.invoices.createPreview(parameters).catch((failure) => {
    if (isNothingUpcoming(failure)) return null;
    throw failure;
  });
  return invoice && readInvoicePreview({ em }, tenant, invoice);
}
