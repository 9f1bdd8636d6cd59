import type Stripe from 'stripe';
import { runStatement } from '../database/run-statement.ts';
import { upsertRows } from '../database/upsert-rows.ts';
import { newId } from '../ids.ts';
import { findOwners } from '../mirror/find-owners.ts';
import { idOf, type Seen, type SyncOutcome, type SyncTools } from '../mirror/seen.ts';
import { syncRows, type Written } from '../mirror/sync-rows.ts';

type Summary = Pick<Stripe.Entitlements.ActiveEntitlementSummary, 'customer'> & {
  entitlements: { data: Stripe.Entitlements.ActiveEntitlement[] };
};

/** Brings what Stripe's customers are entitled to to our rows. Of a customer that Stripe deleted, nothing stays. */
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
    `delete from active_entitlement where summary_id = any($1)
     and (summary_id, stripe_feature_id) not in (select * from unnest($2::text[], $3::text[]))`,
    [written.map(({ row }) => row.id), rows.map((row) => row.summary_id), rows.map((row) => row.stripe_feature_id)],
  );
  const table = 'active_entitlement';
  await upsertRows(em, { table, key: ['summary_id', 'stripe_feature_id'], kept: ['project_id', 'environment'] }, rows);
}
