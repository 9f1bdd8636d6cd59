import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { InboundOutcome } from '../webhooks/inbound-event.entity.ts';
import type { UndoneEvent } from './newest-snapshot.ts';

/** The events of these lanes that are not done, by lane; of each lane's newest one also the payload. */
export async function loadUndoneEvents(em: EntityManager, laneKeys: string[]): Promise<Map<string, UndoneEvent[]>> {
  const rows = await runStatement<UndoneEvent & { laneKey: string }>(
    em,
    `select lane_key as "laneKey", seq, type, stripe_created::float8 as "stripeCreated", api_version as "apiVersion",
       case when row_number() over (partition by lane_key order by stripe_created desc) = 1 then payload::text end as payload
     from inbound_event where lane_key = any($1) and done_at is null`,
    [laneKeys],
  );
  return Map.groupBy(rows, ({ laneKey }) => laneKey);
}

/**
 * By lane, the second of the newest event that is done and brought no row: its object was deleted before it had one, or belonged to
 * no project. No row remembers what such an event knew.
 */
export async function loadRowlessSeconds(em: EntityManager, laneKeys: string[]): Promise<Map<string, number>> {
  const rows = await runStatement<{ laneKey: string; second: number }>(
    em,
    `select lane_key as "laneKey", max(stripe_created)::float8 as second
     from inbound_event where lane_key = any($1) and outcome <> 'applied' group by lane_key`,
    [laneKeys],
  );
  return new Map(rows.map(({ laneKey, second }) => [laneKey, second]));
}

/** Marks exactly these events, which were read before the object was seen: what arrived since is for the next round. */
export async function markEventsDone(
  em: EntityManager,
  events: { seq: string; outcome: InboundOutcome }[],
): Promise<void> {
  await runStatement(
    em,
    `update inbound_event set done_at = now(), outcome = done.outcome
     from unnest($1::bigint[], $2::text[]) as done (seq, outcome) where inbound_event.seq = done.seq`,
    [events.map(({ seq }) => seq), events.map(({ outcome }) => outcome)],
  );
}

/** Marks what dead lanes carried. */
export async function markEventsDead(em: EntityManager, laneKeys: string[]): Promise<void> {
  await runStatement(
    em,
    `update inbound_event set done_at = now(), outcome = 'dead' where lane_key = any($1) and done_at is null`,
    [laneKeys],
  );
}
