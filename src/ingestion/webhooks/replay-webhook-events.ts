import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { badInput } from '../../errors.ts';
import { laneChannel } from '../../lanes/lane-kind.ts';
import { onLaneThatExists } from '../../lanes/wake-lanes.ts';
import type { WebhookEventFilter } from './webhook-event.type.ts';
import { webhookEventCondition } from './webhook-event-filter.ts';

const mostIds = 1_000;

/**
 * Gives events that are done another round: they count as undone, and the lanes of their objects wake, dead ones too. Events
 * that are pending come anyway; those that name no object have nothing to bring. Objects are brought to Stripe's truth of
 * today, so that an effect which has happened does not happen again.
 * @returns how many events that were.
 */
export async function replayWebhookEvents(
  { em }: { em: EntityManager },
  connectionId: string,
  which: { ids: string[] } | { filter: WebhookEventFilter },
): Promise<number> {
  if ('filter' in which)
    return markUndone(em, connectionId, webhookEventCondition(which.filter, { first: 2, field: 'filter' }));
  if (which.ids.length > mostIds) throw badInput(`Give at most ${mostIds} ids, or a filter.`, 'ids');
  const ids = which.ids.filter((id) => !id.includes('\0'));
  return markUndone(em, connectionId, { condition: 'event.event_id = any($2::text[])', values: [ids] });
}

/** One statement: an event is never undone without its lane being awake. `condition` speaks of `event`, its values begin at $2. */
export async function markUndone(
  em: EntityManager,
  connectionId: string,
  { condition, values }: { condition: string; values: unknown[] },
): Promise<number> {
  const [row] = await runStatement<{ replayed: number }>(
    em,
    `with chosen as materialized (
       select event.seq from inbound_event event
       where event.connection_id = $1 and event.done_at is not null and event.lane_key is not null and ${condition}
       order by event.seq for update
     ), replayed as (
       update inbound_event event set done_at = null, outcome = null from chosen where event.seq = chosen.seq
       returning event.lane_key
     ), woken as (
       insert into lane (key) select lane_key from replayed group by lane_key order by lane_key
       ${onLaneThatExists}
       returning 1
     ), told as (
       select pg_notify('${laneChannel}', '') from woken limit 1
     )
     select (select count(*) from replayed)::int as replayed, (select count(*) from told)`,
    [connectionId, ...values],
  );
  return row!.replayed;
}
