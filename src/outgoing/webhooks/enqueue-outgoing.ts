import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { Environment } from '../../environment.ts';
import { newId } from '../../ids.ts';
import { laneChannel } from '../../lanes/lane-kind.ts';
import { type OutgoingEventType, wantsEvent } from './outgoing-event-types.ts';

export type NewOutgoingEvent = {
  type: OutgoingEventType;
  projectId: string;
  environment: Environment;
  customerId: string | null;
  /** Ids and states, nothing personal: see outgoing-event-types.ts. */
  data: Record<string, unknown>;
  occurredAt: Date;
};

/** The kind of lane that delivers: one for each delivery, `outgoing/<endpoint>/<delivery>`. */
export const outgoingLanePrefix = 'outgoing';

type Endpoint = { id: string; projectId: string; environment: Environment; eventTypes: string[]; enabled: boolean };

/**
 * Writes messages for the endpoints of a project into the EntityManager's transaction, which must be that of the change: what is
 * rolled back is told to nobody. Where no endpoint wants to know, nothing is written. An endpoint that is disabled gets nothing,
 * but the message is kept, and can be sent to it later (`replayOutgoingMessages`).
 *
 * Rows and lanes are new ones, so that no two transactions wait for each other here.
 */
export async function enqueueOutgoing(em: EntityManager, events: NewOutgoingEvent[]): Promise<void> {
  if (!events.length) return;
  const endpoints = await runStatement<Endpoint>(
    em,
    `select id, project_id as "projectId", environment, event_types as "eventTypes", disabled_at is null as enabled
     from outgoing_endpoint
     where deleted_at is null and (project_id, environment) in (select * from unnest($1::text[], $2::text[]))
     order by id`,
    [events.map(({ projectId }) => projectId), events.map(({ environment }) => environment)],
  );
  const wanted = events.flatMap((event) => {
    const listeners = endpoints.filter((endpoint) => isFor(endpoint, event));
    return listeners.length ? [{ id: newId('msg'), event, endpoints: listeners.filter(({ enabled }) => enabled) }] : [];
  });
  await writeMessages(em, wanted);
}

const isFor = (endpoint: Endpoint, { projectId, environment, type }: NewOutgoingEvent) =>
  endpoint.projectId === projectId && endpoint.environment === environment && wantsEvent(endpoint.eventTypes, type);

/** Writes messages, and their deliveries to the given endpoints, whatever these want. */
export async function writeMessages(
  em: EntityManager,
  wanted: { id: string; event: NewOutgoingEvent; endpoints: { id: string }[] }[],
): Promise<void> {
  if (!wanted.length) return;
  const messages = wanted.map(({ id, event }) => ({
    id,
    project_id: event.projectId,
    environment: event.environment,
    customer_id: event.customerId,
    type: event.type,
    data: event.data,
    occurred_at: event.occurredAt,
  }));
  const deliveries = wanted.flatMap(({ id, endpoints }) =>
    endpoints.map((endpoint) => ({ id: newId('odl'), message_id: id, endpoint_id: endpoint.id })),
  );
  await runStatement(
    em,
    `with message as (
       select * from json_to_recordset($1)
         as m(id text, project_id text, environment text, customer_id text, type text, data json, occurred_at timestamptz)
     ), delivery as (
       select * from json_to_recordset($2) as d(id text, message_id text, endpoint_id text)
     ), kept as (
       insert into outgoing_message (id, project_id, environment, customer_id, type, data, occurred_at, created_at)
       select id, project_id, environment, customer_id, type, data, occurred_at, now() from message order by id
     ), sent as (
       insert into outgoing_delivery (id, project_id, environment, message_id, endpoint_id, type, next_attempt_at, created_at)
       select d.id, m.project_id, m.environment, m.id, d.endpoint_id, m.type, now(), now()
       from delivery d join message m on m.id = d.message_id order by d.id
     ), woken as (
       insert into lane (key) select concat_ws('/', '${outgoingLanePrefix}', endpoint_id, id) from delivery
       returning 1
     )
     select pg_notify('${laneChannel}', '') from woken limit 1`,
    [JSON.stringify(messages), JSON.stringify(deliveries)],
  );
}
