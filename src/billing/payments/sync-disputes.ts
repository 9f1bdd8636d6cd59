import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import { runStatement } from '../../database/run-statement.ts';
import { newId } from '../../ids.ts';
import type { NewBillingEvent } from '../../ingestion/billing-events/record-billing-events.ts';
import { recordBillingEvents } from '../../ingestion/billing-events/record-billing-events.ts';
import type { Owner } from '../../ingestion/mirror/find-owners.ts';
import { loadRouting, withoutRouting } from '../../ingestion/mirror/routing.ts';
import { idOf, instantOf, type Seen, type SyncOutcome, type SyncTools } from '../../ingestion/mirror/seen.ts';
import { type Before, syncRows, type Written } from '../../ingestion/mirror/sync-rows.ts';
import { wakeReferrals } from '../../referrals/life/wake-referrals.ts';
import { factOf, moneyOf } from './fact-of.ts';
import { closedDisputeStatuses, type DisputeStatus, disputeStatusOf } from './payment-statuses.ts';

type SeenDispute = Seen<Stripe.Dispute>;
type DisputeBefore = Before & { status: DisputeStatus };

/** Brings Stripe's disputes to our rows, each to its charge, whose they are. The charge is disputed from then on. */
export async function syncDisputes(tools: SyncTools, seen: SeenDispute[]): Promise<SyncOutcome[]> {
  const charges = await findCharges(tools, seen);
  const routing = seen.every(({ object }) => object && charges.has(idOf(object.charge)))
    ? undefined
    : await loadRouting(tools.em, tools.connection.teamId);
  const { outcomes, written } = await syncRows<Stripe.Dispute, DisputeBefore>(tools, seen, {
    table: 'dispute',
    key: 'stripe_dispute_id',
    columns: ['status'],
    decide({ object, evidence, projectHint }, before) {
      if (!object) return 'ignored';
      const chargeId = idOf(object.charge);
      const charge = charges.get(chargeId);
      const named = routing?.named(object.metadata) ?? projectHint;
      if (!charge) return { missing: [{ object: 'charge', id: chargeId, projectHint: named }] };
      return {
        id: before?.id ?? newId('pdi'),
        project_id: charge.projectId,
        environment: tools.connection.environment,
        connection_id: tools.connection.id,
        evidence,
        customer_id: charge.customerId,
        charge_id: charge.id,
        stripe_dispute_id: object.id,
        status: disputeStatusOf(object.status),
        stripe_status: object.status,
        currency: object.currency.toUpperCase(),
        amount: object.amount,
        reason: object.reason,
        evidence_due_by: instantOf(object.evidence_details.due_by),
        has_evidence: object.evidence_details.has_evidence,
        metadata: withoutRouting(object.metadata),
        created_at: instantOf(object.created),
        updated_at: new Date(),
      };
    },
  });
  await markDisputed(
    tools.em,
    written.map(({ row }) => row.charge_id as string),
  );
  await recordBillingEvents(tools.em, written.flatMap(factsOfDispute));
  // An inquiry that becomes a dispute is no fact of its own.
  await wakeReferrals(
    tools,
    written.map(({ row }) => row.customer_id as string | null),
  );
  return outcomes;
}

type KnownCharge = Owner & { id: string };

/** Our rows of the charges that are disputed, by Stripe's ids. */
async function findCharges({ em, connection }: SyncTools, seen: SeenDispute[]): Promise<Map<string, KnownCharge>> {
  const rows = await runStatement<KnownCharge & { stripe_id: string }>(
    em,
    `select stripe_charge_id as stripe_id, id, project_id as "projectId", customer_id as "customerId" from charge
     where connection_id = $1 and stripe_charge_id = any($2)`,
    [connection.id, seen.flatMap(({ object }) => (object ? idOf(object.charge) : []))],
  );
  return new Map(rows.map((row) => [row.stripe_id, row]));
}

/** No event of the charge tells it. Locked in order: others write charges too. */
async function markDisputed(em: EntityManager, chargeIds: string[]): Promise<void> {
  if (!chargeIds.length) return;
  await runStatement(
    em,
    `with chosen as materialized (
       select id from charge where id = any($1) and not disputed order by id for no key update
     ) update charge set disputed = true, updated_at = now() from chosen where charge.id = chosen.id`,
    [chargeIds],
  );
}

function factsOfDispute({ object, before, row }: Written<Stripe.Dispute, DisputeBefore>): NewBillingEvent[] {
  const after = {
    status: row.status,
    reason: object.reason,
    amount: moneyOf(object.amount, object.currency),
    chargeId: row.charge_id,
  };
  const facts: NewBillingEvent[] = [];
  if (!before) facts.push(factOf(row, 'dispute.created', { before: null, after, occurredAt: row.created_at as Date }));
  // After an appeal it may close again, otherwise.
  if (isClosed(row.status) && row.status !== before?.status)
    facts.push(
      factOf(row, 'dispute.closed', {
        occurrence: row.status as string,
        before: before ? { status: before.status } : null,
        after,
      }),
    );
  return facts;
}

const isClosed = (status: unknown) => closedDisputeStatuses.includes(status as DisputeStatus);
