import type Stripe from 'stripe';
import { lockRows } from '../../ingestion/mirror/lock-rows.ts';
import { ownIdIn } from '../../ingestion/mirror/routing.ts';
import { idOf, instantOf, type Seen, type SyncOutcome, type SyncTools } from '../../ingestion/mirror/seen.ts';
import { Customer } from '../customers/customer.entity.ts';
import { CheckoutSession, type checkoutPaymentStatuses, type checkoutStatuses } from './checkout-session.entity.ts';

/**
 * Brings the state of Stripe's Checkout Sessions to the rows that we made for them. Sessions that others opened are ignored:
 * what they sell arrives as subscriptions.
 */
export async function syncCheckoutSessions(
  { em, connection }: SyncTools,
  seen: Seen<Stripe.Checkout.Session>[],
): Promise<SyncOutcome[]> {
  const ownIds = seen.flatMap(({ object }) => ownIdIn(object?.metadata, 'pcs') ?? []);
  const stripeIds = seen.map(({ id }) => id);
  await lockRows(
    { em, connection },
    {
      table: 'checkout_session',
      condition: 'stripe_session_id = any($2) or (id = any($3) and stripe_session_id is null)',
      values: [stripeIds, ownIds],
    },
  );
  const rows = await em.find(CheckoutSession, {
    connectionId: connection.id,
    $or: [{ stripeSessionId: { $in: stripeIds } }, { id: { $in: ownIds }, stripeSessionId: null }],
  });

  const isGuests = rows.some(({ customer }) => !customer);
  const guests = isGuests ? seen.flatMap(({ object }) => (object?.customer ? idOf(object.customer) : [])) : [];
  const customers = guests.length
    ? await em.find(Customer, { connectionId: connection.id, stripeCustomerId: { $in: guests } })
    : [];

  return seen.map(({ id, object, evidence, mayReplace, gone }) => {
    const row =
      rows.find((row) => row.stripeSessionId === id) ??
      rows.find((row) => row.stripeSessionId === null && row.id === ownIdIn(object?.metadata, 'pcs'));
    if (!row || !object) return 'ignored';
    if (!mayReplace(row.stripeSessionId ? row.evidence : 0)) return 'overtaken';
    if (!row.customer && object.customer) {
      // The guest has paid, and is a customer now: of this project, unless another one has him.
      const stripeId = idOf(object.customer);
      const customer = customers.find(({ stripeCustomerId }) => stripeCustomerId === stripeId);
      if (!customer && !gone?.has(stripeId))
        return { missing: [{ object: 'customer', id: stripeId, projectHint: row.projectId, mayBeGone: true }] };
      if (customer?.projectId === row.projectId) row.customer = customer;
    }
    row.stripeSessionId = id;
    row.evidence = evidence;
    row.status = statuses[object.status ?? ''] ?? row.status;
    row.paymentStatus = paymentStatuses[object.payment_status] ?? row.paymentStatus;
    row.stripeSubscriptionId = object.subscription ? idOf(object.subscription) : null;
    row.stripePaymentIntentId = object.payment_intent ? idOf(object.payment_intent) : null;
    row.stripeSetupIntentId = object.setup_intent ? idOf(object.setup_intent) : null;
    row.expiresAt = instantOf(object.expires_at);
    return 'applied';
  });
}

const statuses: Record<string, (typeof checkoutStatuses)[number]> = {
  open: 'OPEN',
  complete: 'COMPLETE',
  expired: 'EXPIRED',
};

const paymentStatuses: Record<string, (typeof checkoutPaymentStatuses)[number]> = {
  paid: 'PAID',
  unpaid: 'UNPAID',
  no_payment_required: 'NOT_REQUIRED',
};
