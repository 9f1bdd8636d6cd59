import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { Reconciliation } from './reconciliation.entity.ts';

export type IngestionHealth = {
  lagSeconds: number;
  backlog: number;
  dead: number;
  unrouted: number;
  lastEventAt: Date | null;
  isDeaf: boolean;
  endpointApiVersion: string | null;
  missingEventTypes: string[] | null;
};

/** How a connection's events fare, from our own rows: Stripe is not asked. */
export async function measureIngestion({ em }: { em: EntityManager }, connectionId: string): Promise<IngestionHealth> {
  const [counted] = await runStatement<{
    lag: number;
    backlog: number;
    dead: number;
    unrouted: number;
    last: number | null;
  }>(
    em,
    `select
       (select count(*)::int from inbound_event where connection_id = $1 and outcome = 'dead') as dead,
       (select count(*)::int from inbound_event where connection_id = $1 and outcome = 'unrouted') as unrouted,
       (select extract(epoch from max(received_at))::float8 from inbound_event where connection_id = $1) as last,
       count(*)::int as backlog, coalesce(extract(epoch from now() - min(received_at)), 0)::int as lag
     from inbound_event where connection_id = $1 and done_at is null`,
    [connectionId],
  );
  const { lag: lagSeconds, last, ...counts } = counted!;
  const known = await em.findOne(Reconciliation, { connection: connectionId }, { disableIdentityMap: true });
  return {
    ...counts,
    lagSeconds,
    lastEventAt: last === null ? null : new Date(last * 1000),
    isDeaf: (await findDeafConnections({ em })).includes(connectionId),
    endpointApiVersion: known?.endpointApiVersion ?? null,
    missingEventTypes: known?.missingEventTypes ?? null,
  };
}

/** Minutes for which the reconciler alone must have found events before a connection counts as deaf. */
const deafAfter = 10;

/**
 * The connections that Stripe has events for, and none was delivered for long: since the last delivery the reconciler has been
 * finding events for ten minutes or more. A single event that was lost makes nobody deaf, and neither does silence.
 */
export async function findDeafConnections({ em }: { em: EntityManager }): Promise<string[]> {
  const rows = await runStatement<{ id: string }>(
    em,
    `select connection.id from stripe_connection connection
     cross join lateral (
       select coalesce(max(received_at), '-infinity') as at from inbound_event
       where connection_id = connection.id and not recovered
     ) delivered
     cross join lateral (
       select max(received_at) - min(received_at) as span from inbound_event
       where connection_id = connection.id and recovered and received_at > delivered.at
     ) found
     where found.span >= $1 * interval '1 minute' order by connection.id`,
    [deafAfter],
  );
  return rows.map(({ id }) => id);
}
