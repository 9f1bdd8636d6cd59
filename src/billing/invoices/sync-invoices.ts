import type Stripe from 'stripe';
import { newId } from '../../ids.ts';
import { idOf, type Reference, type Seen, type SyncOutcome, type SyncTools } from '../../ingestion/mirror/seen.ts';
import { deleteDrafts } from './delete-drafts.ts';
import { findKnownInvoices, type KnownInvoices } from './find-known-invoices.ts';
import { readInvoice } from './read-invoice.ts';
import { type InvoiceWrite, writeInvoices } from './write-invoices.ts';

type SeenInvoice = Seen<Stripe.Invoice>;

/**
 * Brings Stripe's invoices to our rows, each into the project of its customer. In sets, by few statements: this is what
 * storms are made of. What follows from the difference of old and new is recorded in the same transaction.
 */
export async function syncInvoices(tools: SyncTools, seen: SeenInvoice[]): Promise<SyncOutcome[]> {
  const known = await findKnownInvoices(tools, seen);
  const decisions = seen.map((one) => decide(known, one));
  const written = await writeInvoices(
    tools,
    decisions.filter((decision) => typeof decision === 'object' && 'state' in decision),
  );
  await deleteDrafts(
    tools,
    decisions.flatMap((decision) => (typeof decision === 'object' && 'deleted' in decision ? decision.deleted : [])),
  );
  return decisions.map((decision) => {
    if (typeof decision === 'string' || 'missing' in decision) return decision;
    return 'deleted' in decision || written.has(decision.state.id) ? 'applied' : 'overtaken';
  });
}

function decide(known: KnownInvoices, seen: SeenInvoice): SyncOutcome | InvoiceWrite | { deleted: string } {
  const { id, object, evidence, mayReplace } = seen;
  // What the next invoice would be: Stripe keeps no such invoice.
  if (id.startsWith('upcoming_')) return 'ignored';
  const before = known.rows.get(id) ?? null;
  if (!mayReplace(before?.evidence ?? 0)) return 'overtaken';
  // Only drafts can be deleted: that another one is not found says that something else is wrong.
  if (!object) return before?.status === 'DRAFT' ? { deleted: before.id } : 'ignored';
  if (!object.customer) return 'unrouted';
  const customerId = idOf(object.customer);
  const customer = known.customers.get(customerId);
  if (!customer) return { missing: [{ object: 'customer', id: customerId, projectHint: projectHint(known, object) }] };
  const missing = missingFor(known, seen, object, customer.projectId);
  if (missing.length) return { missing };
  const { subscriptions, prices } = known;
  return { state: { id: before?.id ?? newId('inv'), object, evidence, customer, subscriptions, prices }, before };
}

const projectHint = ({ routing }: KnownInvoices, object: Stripe.Invoice) =>
  routing?.named(object.metadata) ?? routing?.named(readInvoice(object).subscriptionMetadata);

/** What the invoice refers to, and has no row. */
function missingFor(
  { subscriptions, prices }: KnownInvoices,
  { gone }: SeenInvoice,
  object: Stripe.Invoice,
  projectHint: string,
): Reference[] {
  const { stripeSubscriptionId, lines } = readInvoice(object);
  const ofSubscription: Reference[] =
    stripeSubscriptionId && !subscriptions.has(stripeSubscriptionId)
      ? [{ object: 'subscription', id: stripeSubscriptionId, projectHint }]
      : [];
  const priceIds = new Set(lines.flatMap(({ stripePriceId }) => stripePriceId ?? []));
  const ofPrices = [...priceIds].filter((id) => !prices.has(id) && !gone?.has(id));
  return [
    ...ofSubscription,
    ...ofPrices.map((id): Reference => ({ object: 'price', id, projectHint, mayBeGone: true })),
  ];
}
