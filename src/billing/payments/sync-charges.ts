import type Stripe from 'stripe';
import { runStatement } from '../../database/run-statement.ts';
import { newId } from '../../ids.ts';
import { recordBillingEvents } from '../../ingestion/billing-events/record-billing-events.ts';
import { findOwners, type Owner } from '../../ingestion/mirror/find-owners.ts';
import { withoutRouting } from '../../ingestion/mirror/routing.ts';
import { idOf, instantOf, type Seen, type SyncOutcome, type SyncTools } from '../../ingestion/mirror/seen.ts';
import { type Before, syncRows } from '../../ingestion/mirror/sync-rows.ts';
import { wakeReferrals } from '../../referrals/life/wake-referrals.ts';
import { type ChargeBefore, factsOfCharge, refundsFailed } from './facts-of-charge.ts';
import { methodOfCharge } from './method-of-charge.ts';
import { chargeStatusOf } from './payment-statuses.ts';

type SeenCharge = Seen<Stripe.Charge>;
/** Brings Stripe's charges to our rows, each into the project of its customer or its payment. That one was disputed stays. */
export async function syncCharges(tools: SyncTools, seen: SeenCharge[]): Promise<SyncOutcome[]> {
  const customers = seen.map(({ object }) => (object?.customer ? idOf(object.customer) : null));
  const { ownerOf } = await findOwners(tools, customers);
  const payments = await findPayments(tools, seen);
  const { outcomes, written } = await syncRows<Stripe.Charge, Before & ChargeBefore>(tools, seen, {
    table: 'charge',
    key: 'stripe_charge_id',
    columns: ['status', 'amount_refunded', 'refunds_failed', 'disputed'],
    locked: chargesOf(tools.alongside?.('dispute')),
    decide({ object, evidence, projectHint }, before) {
      if (!object) return 'ignored';
      const intent = object.payment_intent ? idOf(object.payment_intent) : null;
      const payment = intent ? payments.get(intent) : undefined;
      const owner = ownerOf({
        customer: object.customer ? idOf(object.customer) : null,
        metadata: object.metadata,
        before: before?.project_id,
        parent: intent ? { object: 'payment_intent', id: intent, owner: payment } : undefined,
        projectHint,
      });
      if (owner === 'unrouted' || 'missing' in owner) return owner;
      if (intent && !payment)
        return { missing: [{ object: 'payment_intent', id: intent, projectHint: owner.projectId }] };
      return {
        id: before?.id ?? newId('pch'),
        project_id: owner.projectId,
        environment: tools.connection.environment,
        connection_id: tools.connection.id,
        evidence,
        customer_id: owner.customerId,
        payment_id: payment?.projectId === owner.projectId ? payment.id : null,
        stripe_charge_id: object.id,
        status: chargeStatusOf(object.status),
        stripe_status: object.status,
        currency: object.currency.toUpperCase(),
        amount: object.amount,
        amount_captured: object.amount_captured,
        amount_refunded: object.amount_refunded,
        refunds_failed: refundsFailed(object, before),
        captured: object.captured,
        paid: object.paid,
        refunded: object.refunded,
        disputed: object.disputed || (before?.disputed ?? false),
        failure_code: object.failure_code ?? null,
        failure_message: object.failure_message ?? null,
        receipt_url: object.receipt_url ?? null,
        ...methodOfCharge(object),
        description: object.description ?? null,
        metadata: withoutRouting(object.metadata),
        created_at: instantOf(object.created),
        updated_at: new Date(),
      };
    },
  });
  await recordBillingEvents(tools.em, written.flatMap(factsOfCharge));
  // Who paid before he was referred earns nobody anything, also where that comes to be known late.
  await wakeReferrals(
    tools,
    written.map(({ before, row }) =>
      row.status === 'SUCCEEDED' && before?.status !== 'SUCCEEDED' ? (row.customer_id as string | null) : null,
    ),
  );
  return outcomes;
}

/** Disputes mark their charges. */
const chargesOf = (disputes: Seen<unknown>[] = []) =>
  disputes.flatMap(({ object }) => (object ? idOf((object as Stripe.Dispute).charge) : []));

type KnownPayment = Owner & { id: string };

/** Our rows of the payments that the charges are attempts of, by Stripe's ids. */
async function findPayments({ em, connection }: SyncTools, seen: SeenCharge[]): Promise<Map<string, KnownPayment>> {
  const ids = seen.flatMap(({ object }) => (object?.payment_intent ? idOf(object.payment_intent) : []));
  const rows = await runStatement<KnownPayment & { stripe_id: string }>(
    em,
    `select stripe_payment_intent_id as stripe_id, id, project_id as "projectId", customer_id as "customerId" from payment
     where connection_id = $1 and stripe_payment_intent_id = any($2)`,
    [connection.id, ids],
  );
  return new Map(rows.map((row) => [row.stripe_id, row]));
}
