import type Stripe from 'stripe';
import { runStatement } from '../../database/run-statement.ts';
import { upsertRows } from '../../database/upsert-rows.ts';
import { newId } from '../../ids.ts';
import { findOwners } from '../../ingestion/mirror/find-owners.ts';
import { idOf, type Seen, type SyncOutcome, type SyncTools } from '../../ingestion/mirror/seen.ts';
import { syncRows, type Written } from '../../ingestion/mirror/sync-rows.ts';

type Summary = Pick<Stripe.Entitlements.ActiveEntitlementSummary, 'customer'> & {
  entitlements: { data: Stripe.Entitlements.ActiveEntitlement[] };
};

/** Brings what Stripe's customers are entitled to to our rows. What ends, as all does when Stripe deletes a customer, is past. */
export async function syncEntitlementSummaries(tools: SyncTools, seen: Seen<Summary>[]): Promise<SyncOutcome[]> {
  const { ownerOf } = await findOwners(
    tools,
    seen.map(({ id }) => id),
  );
  const { outcomes, written } = await syncRows<Summary>(tools, seen, {
    table: 'entitlement_summary',
    key: 'stripe_customer_id',
    decide({ id: customer, object, evidence }, before) {
      if (!object && !before) return 'ignored';
      const owner = ownerOf({ customer });
      if (owner === 'unrouted' || 'missing' in owner) return owner;
      return {
        id: before?.id ?? newId('pes'),
        project_id: owner.projectId,
        environment: tools.connection.environment,
        connection_id: tools.connection.id,
        evidence,
        customer_id: owner.customerId,
        stripe_customer_id: customer,
        created_at: new Date(),
        updated_at: new Date(),
      };
    },
  });
  if (written.length) await writeEntitlements(tools, written);
  return outcomes;
}

async function writeEntitlements({ em }: SyncTools, written: Pick<Written<Summary | null, never>, 'object' | 'row'>[]) {
  const rows = written.flatMap(({ object, row }) =>
    (object?.entitlements.data ?? []).map((entitlement) => ({
      id: newId('pae'),
      project_id: row.project_id,
      environment: row.environment,
      summary_id: row.id,
      customer_id: row.customer_id,
      stripe_entitlement_id: entitlement.id,
      stripe_feature_id: idOf(entitlement.feature),
      lookup_key: entitlement.lookup_key,
      created_at: new Date(),
      updated_at: new Date(),
    })),
  );
  await runStatement(
    em,
    `with gone as (
       delete from active_entitlement where summary_id = any($1)
       and (summary_id, stripe_feature_id) not in (select * from unnest($2::text[], $3::text[])) returning *)
     insert into ended_entitlement (id, project_id, environment, customer_id, stripe_entitlement_id, stripe_feature_id, lookup_key, started_at, ended_at)
     select id, project_id, environment, customer_id, stripe_entitlement_id, stripe_feature_id, lookup_key, created_at, clock_timestamp() from gone`,
    [written.map(({ row }) => row.id), rows.map((row) => row.summary_id), rows.map((row) => row.stripe_feature_id)],
  );
  const table = 'active_entitlement';
  await upsertRows(em, { table, key: ['summary_id', 'stripe_feature_id'], kept: ['project_id', 'environment'] }, rows);
}
