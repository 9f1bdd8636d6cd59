import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { PageArgs } from '../../reader/page.ts';
import { pageById } from '../../reader/page-by-id.ts';
import { DriftFinding } from '../drift/drift-finding.entity.ts';
import { reconciliationPlans } from './reconcile-connection.ts';
import { Reconciliation } from './reconciliation.entity.ts';
import { reconciliationLaneOf } from './reconciliation-lanes.ts';

/** How far a connection was compared with Stripe. */
export async function viewDrift({ em }: { em: EntityManager }, connectionId: string) {
  const known = await em.findOne(Reconciliation, { connection: connectionId }, { disableIdentityMap: true });
  const lanes = await runStatement<{ last_error: string | null; dead: boolean }>(
    em,
    `select last_error, run_at = 'infinity' as dead from lane where key = any($1) order by run_at`,
    [reconciliationPlans.map((plan) => reconciliationLaneOf(connectionId, plan))],
  );
  return {
    connectionId,
    eventsCheckedAt: known?.eventsCheckedAt ?? null,
    sweptAt: known?.sweptAt ?? null,
    isRunning: lanes.some(({ dead }) => !dead),
    lastError: lanes.find(({ last_error }) => last_error !== null)?.last_error ?? null,
    open: await em.count(DriftFinding, { connectionId, healedAt: null }),
  };
}

/** A page of what was found, the oldest first. */
export async function listDrift(
  { em }: { em: EntityManager },
  connectionId: string,
  { healed }: { healed?: boolean | null },
  args: PageArgs,
) {
  const ofState = healed == null ? {} : { healedAt: healed ? { $ne: null } : null };
  const page = await pageById(em, DriftFinding, { connectionId, ...ofState }, args);
  const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: viewOf(node) }));
  return { ...page, edges, nodes: edges.map(({ node }) => node) };
}

function viewOf(finding: DriftFinding) {
  const {
    objectId: object,
    createdAt: firstSeenAt,
    field = null,
    local = null,
    stripe = null,
    healedAt = null,
  } = finding;
  const { id, objectType, reason } = finding;
  return { id, object, objectType, field, local, stripe, reason, firstSeenAt, healedAt };
}
