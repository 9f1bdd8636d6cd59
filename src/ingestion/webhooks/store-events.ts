import type { EntityManager } from '@mikro-orm/core';
import { runPrepared } from '../../database/run-prepared.ts';
import { laneChannel } from '../../lanes/lane-kind.ts';
import { onLaneThatExists } from '../../lanes/wake-lanes.ts';
import type { ArrivedEvent } from './read-event.ts';

/** Rows are locked in the order of event ids, then of lane keys: no two of these wait for each other. */
const statement = `
  with arrived as (
    insert into inbound_event
      (connection_id, event_id, type, lane_key, stripe_created, api_version, payload, recovered, done_at, outcome)
    select connection_id, event_id, type, lane_key, stripe_created, api_version, payload::json, $9::boolean,
      case when not handled then now() end, case when not handled then 'ignored' end
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::boolean[])
      as event (connection_id, event_id, type, lane_key, stripe_created, api_version, payload, handled)
    order by connection_id, event_id
    on conflict (connection_id, event_id) do nothing
    returning connection_id, event_id, lane_key, done_at
  ), woken as (
    insert into lane (key)
    select lane_key from arrived where done_at is null group by lane_key order by lane_key
    ${onLaneThatExists}
    returning 1
  ), told as (
    select pg_notify('${laneChannel}', '') from woken limit 1
  )
  select connection_id, event_id, (select count(*) from told) from arrived`;

/**
 * Puts events into the inbox and wakes the lanes of their objects, in one statement, which is one transaction. An event that
 * is there already wakes nobody.
 * @param options.recovered whether the reconciler found them, and no delivery of Stripe's brought them.
 * @returns for each event whether it was there already.
 */
export async function storeEvents(
  em: EntityManager,
  events: ArrivedEvent[],
  { recovered = false }: { recovered?: boolean } = {},
): Promise<{ duplicate: boolean }[]> {
  const stored = await runPrepared<{ connection_id: string; event_id: string }>(em, statement, [
    events.map((event) => event.connectionId),
    events.map((event) => event.eventId),
    events.map((event) => event.type),
    events.map((event) => event.laneKey),
    events.map((event) => event.stripeCreated),
    events.map((event) => event.apiVersion),
    events.map((event) => event.payload),
    events.map((event) => event.isHandled),
    recovered,
  ]);
  const fresh = new Set(stored.map((row) => `${row.connection_id} ${row.event_id}`));
  return events.map(({ connectionId, eventId }) => ({ duplicate: !fresh.delete(`${connectionId} ${eventId}`) }));
}
