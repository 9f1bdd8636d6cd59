import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { badInput } from '../../errors.ts';
import { isId, newId } from '../../ids.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import { outgoingLanePrefix } from '../webhooks/enqueue-outgoing.ts';
import { findOutgoingEndpoint, refuseArchived, type Side } from '../webhooks/find-outgoing-endpoint.ts';
import { type MessageFilter, messageCondition } from './message-filter.ts';

/** Which messages, by ids or by a filter; to one endpoint, or to each that wants them. */
export type Replay = {
  ids?: string[] | null;
  filter?: MessageFilter | null;
  endpointId?: string | null;
  /** Only where the endpoint has not taken the message: it failed, or the endpoint was disabled then. */
  undelivered?: boolean | null;
};

const mostIds = 1_000;
/** Deliveries that one call begins again. */
const mostDeliveries = 10_000;

type Chosen = { messageId: string; endpointId: string; deliveryId: string | null };

/**
 * Sends messages again, the oldest first, under the ids that they had: a receiver can tell what it has. Endpoints that are disabled get
 * nothing; what is due already is on its way, and does not count.
 * @returns how many deliveries begin again, and whether there would be more.
 * @throws Refusal BAD_USER_INPUT; NOT_FOUND for an endpoint that is none; CONFLICT where the project is archived.
 */
export async function replayOutgoingMessages(
  { em }: { em: EntityManager },
  side: Side,
  { ids, filter, endpointId, undelivered }: Replay,
): Promise<{ replayed: number; hasMore: boolean }> {
  if ((ids == null) === (filter == null)) throw badInput('Give one of ids and filter, and not both.', 'input');
  if (ids && ids.length > mostIds) throw badInput(`Give at most ${mostIds} ids, or a filter.`, 'ids');
  await refuseArchived(em, side);
  const endpoint = endpointId == null ? null : await findOutgoingEndpoint(em, side, endpointId);
  const { condition, values } = ids
    ? { condition: 'm.id = any($6::text[])', values: [ids.filter((id) => isId('msg', id))] }
    : messageCondition(filter!, { first: 6, field: 'filter' });
  const chosen = await runStatement<Chosen>(
    em,
    `select m.id as "messageId", e.id as "endpointId", d.id as "deliveryId"
     from outgoing_message m
     join outgoing_endpoint e on (e.project_id, e.environment) = (m.project_id, m.environment)
     left join outgoing_delivery d on d.message_id = m.id and d.endpoint_id = e.id
     where (m.project_id, m.environment) = ($1, $2) and e.deleted_at is null and e.disabled_at is null
       and e.id = coalesce($3, e.id)
       and (d.id is not null or m.type not like 'endpoint.%'
         and e.event_types && array['*', m.type, split_part(m.type, '.', 1) || '.*'])
       and not (coalesce(d.status, '') = 'PENDING' and d.next_attempt_at <= now())
       and ($4::boolean is not true or d.status is distinct from 'DELIVERED')
       and ${condition}
     order by m.id, e.id limit $5`,
    [side.projectId, side.environment, endpoint?.id ?? null, undelivered ?? false, mostDeliveries + 1, ...values],
  );
  const again = chosen.slice(0, mostDeliveries);
  await beginAgain(em, side, again);
  return { replayed: again.length, hasMore: chosen.length > again.length };
}

/** Lanes first: whoever records a try locks them before the deliveries, too. */
async function beginAgain(em: EntityManager, { projectId, environment }: Side, chosen: Chosen[]): Promise<void> {
  const rows = chosen.map(({ messageId, endpointId, deliveryId }) => ({
    id: deliveryId ?? newId('odl'),
    message_id: messageId,
    endpoint_id: endpointId,
  }));
  await wakeLanes(
    em,
    rows.map(({ id, endpoint_id }) => `${outgoingLanePrefix}/${endpoint_id}/${id}`),
  );
  await runStatement(
    em,
    `insert into outgoing_delivery as d (id, project_id, environment, message_id, endpoint_id, type, next_attempt_at, created_at)
     select r.id, $2, $3, r.message_id, r.endpoint_id, m.type, now(), now()
     from json_to_recordset($1) as r(id text, message_id text, endpoint_id text) join outgoing_message m on m.id = r.message_id
     order by r.id
     on conflict (message_id, endpoint_id) do update set status = 'PENDING', attempts = 0, next_attempt_at = now(), delivered_at = null`,
    [JSON.stringify(rows), projectId, environment],
  );
}
