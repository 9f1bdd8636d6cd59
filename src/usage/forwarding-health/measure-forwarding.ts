import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';

export type ForwardingHealth = {
  pending: number;
  oldestPendingAt: Date | null;
  lagSeconds: number;
  failed: number;
};

/** Whose usage: of a project and environment, or of all that share a Stripe account. */
export type Of = { projectId: string; environment: string } | { connectionId: string };

/** What Stripe's meters are yet to be told, and what they refused, from our own rows: Stripe is not asked. */
export async function measureForwarding({ em }: { em: EntityManager }, of: Of): Promise<ForwardingHealth> {
  const [whose, values] =
    'connectionId' in of
      ? ['meter.connection_id = $1', [of.connectionId]]
      : ['(meter.project_id, meter.environment) = ($1, $2)', [of.projectId, of.environment]];
  const [row] = await runStatement<{ pending: number; oldest: number | null; lag: number; failed: number }>(
    em,
    `select waiting.*, (
       select count(*)::int from usage_forwarding f join meter on meter.id = f.meter_id where f.state = 'FAILED' and ${whose}
     ) as failed
     from (
       select count(*)::int as pending, extract(epoch from min(f.created_at))::float8 as oldest,
         coalesce(greatest(extract(epoch from now() - min(f.created_at)), 0), 0)::int as lag
       from usage_forwarding f join meter on meter.id = f.meter_id where f.state in ('PENDING', 'ASKED') and ${whose}
     ) waiting`,
    values,
  );
  const { pending, oldest, lag: lagSeconds, failed } = row!;
  return { pending, oldestPendingAt: oldest === null ? null : new Date(oldest * 1000), lagSeconds, failed };
}
