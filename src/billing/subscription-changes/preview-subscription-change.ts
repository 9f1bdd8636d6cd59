import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import { nameFields } from '../../stripe/input-fields.ts';
import type { Tenant } from '../../tenant.ts';
import type { InvoicePreview } from '../invoices/invoice-preview.ts';
import { previewInvoice } from '../invoices/preview-invoice.ts';
import { type FoundSubscription, findSubscription } from '../subscription-writes/find-subscription.ts';
import { fieldsOf } from './fields-of.ts';
import { type PlannedChange, planChange } from './plan-change.ts';
import type { SubscriptionChange } from './subscription-change.ts';

export type ChangePreview = {
  /** What is collected at once. */
  dueNow: { amount: bigint; currency: string };
  /** The invoice that is made at once; null where the change waits for the next one. */
  invoice: InvoicePreview | null;
  /** What the next period costs; null where none follows. */
  nextInvoice: InvoicePreview | null;
  nextBillingAt: Date | null;
  prorationDate: Date | null;
};

/**
 * Asks Stripe what a change would cost. Nothing is changed. Call it outside of a transaction.
 * @throws Refusal as updateSubscription does; Stripe's failure.
 */
export async function previewSubscriptionChange(
  { em, stripe }: { em: EntityManager; stripe: Stripe },
  side: Pick<Tenant, 'projectId' | 'environment'>,
  change: SubscriptionChange,
): Promise<ChangePreview> {
  const subscription = await findSubscription({ em }, side, change);
  const planned = await planChange({ em }, side, subscription, change);
  const ask = (preview_mode: 'next' | 'recurring') =>
    previewInvoice({ em, stripe }, side, {
      subscription: subscription.stripeSubscriptionId,
      subscription_details: { items: planned.items, ...planned.billing },
      preview_mode,
    }).catch((failure) => {
      throw nameFields(failure, previewFieldsOf(change));
    });
  const { currentPeriodEnd = null, cancelAt = null } = subscription;
  const ends = cancelAt !== null && currentPeriodEnd !== null && cancelAt <= currentPeriodEnd;
  if (planned.appliesAt) {
    const nextInvoice = await ask('recurring');
    return told(planned, { invoice: null, nextInvoice, nextBillingAt: nextInvoice && planned.appliesAt });
  }
  const first = await ask('next');
  if (!first || !isMadeNow(first, subscription))
    return told(planned, { invoice: null, nextInvoice: first, nextBillingAt: first?.billedAt ?? null });
  const nextInvoice = ends ? null : await ask('recurring');
  const nextBillingAt = nextInvoice && nextPeriod(first, nextInvoice, subscription);
  return told(planned, { invoice: first, nextInvoice, nextBillingAt });
}

const isMadeNow = ({ billedAt }: InvoicePreview, { currentPeriodEnd = null }: FoundSubscription) =>
  currentPeriodEnd !== null && billedAt < currentPeriodEnd;

/** When the next invoice is made: where the change begins a new period, that is when the new period ends. */
function nextPeriod(now: InvoicePreview, next: InvoicePreview, subscription: FoundSubscription): Date {
  if (!isMadeNow(next, subscription)) return next.billedAt;
  const ends = now.lines.filter(({ proration }) => !proration).map(({ periodEnd }) => periodEnd.getTime());
  return ends.length ? new Date(Math.max(...ends)) : next.billedAt;
}

function told(
  { after, billing }: PlannedChange,
  preview: Pick<ChangePreview, 'invoice' | 'nextInvoice' | 'nextBillingAt'>,
): ChangePreview {
  const { invoice, nextInvoice } = preview;
  const currency = (invoice ?? nextInvoice)?.total.currency ?? after[0]!.price.currency;
  return {
    ...preview,
    dueNow: invoice?.amountDue ?? { amount: 0n, currency },
    // What waits of earlier changes was prorated by other times.
    prorationDate: billing.proration_behavior === 'none' ? null : ((invoice ?? nextInvoice)?.prorationDate ?? null),
  };
}

/** Stripe names what a preview changes by its own place, and at times by that in an update. */
const previewFieldsOf = (change: SubscriptionChange) => {
  const fields = Object.entries({ ...fieldsOf(change), proration_date: 'prorationDate' });
  return Object.fromEntries(
    fields.flatMap(([theirs, ours]) => [
      [theirs, ours],
      [`subscription_details${theirs.replace(/^(\w+)/, '[$1]')}`, ours],
    ]),
  );
};
