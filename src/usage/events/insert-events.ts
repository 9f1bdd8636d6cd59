import type { EntityManager } from '@mikro-orm/core';
import { runPrepared } from '../../database/run-prepared.ts';
import { runStatement } from '../../database/run-statement.ts';
import type { Tenant } from '../../tenant.ts';
import type { UsageActor } from './usage-answer.ts';

type Side = Pick<Tenant, 'projectId' | 'environment'>;

/** What an event says, as it is stored. */
export type Said = {
  meterId: string;
  customerId: string;
  value: string | null;
  uniqueValue: string | null;
  occurredAt: Date;
};
export type NewEvent = Said & { id: string; identifier: string };
/** The event that has an identifier. */
export type Standing = Said & { id: string };

/**
 * Inserts those of which no event has the identifier yet. Two batches that hold the same ones insert them in the same order.
 * @param batch.events with different identifiers.
 * @returns the event that has each identifier now.
 */
export async function insertEvents(
  em: EntityManager,
  { projectId, environment }: Side,
  { events, actor, now }: { events: NewEvent[]; actor: UsageActor; now: Date },
): Promise<Map<string, Standing>> {
  const rows = events.map((event) => ({
    id: event.id,
    project_id: projectId,
    environment,
    customer_id: event.customerId,
    meter_id: event.meterId,
    identifier: event.identifier,
    value: event.value,
    unique_value: event.uniqueValue,
    occurred_at: event.occurredAt,
    actor_kind: actor.kind,
    actor_id: actor.id,
    created_at: now,
  }));
  const inserted = await runPrepared<{ identifier: string }>(
    em,
    `insert into usage_event (${columns}) select ${columns} from json_populate_recordset(null::usage_event, $1)
     order by identifier on conflict (project_id, environment, identifier) do nothing returning identifier`,
    [JSON.stringify(rows)],
  );
  const isNew = new Set(inserted.map(({ identifier }) => identifier));
  const [fresh, others] = [
    events.filter(({ identifier }) => isNew.has(identifier)),
    events.filter(({ identifier }) => !isNew.has(identifier)),
  ];
  const standing = new Map<string, Standing>(fresh.map((event) => [event.identifier, event]));
  if (!others.length) return standing;
  const identifiers = others.map(({ identifier }) => identifier);
  const known = await findStanding(em, { projectId, environment }, identifiers);
  return new Map([...standing, ...known]);
}

const columns =
  'id, project_id, environment, customer_id, meter_id, identifier, value, unique_value, occurred_at, actor_kind, actor_id, created_at';

/** The events that have these identifiers. */
export async function findStanding(
  em: EntityManager,
  { projectId, environment }: Side,
  identifiers: string[],
): Promise<Map<string, Standing>> {
  const rows = await runStatement<
    Record<'id' | 'identifier' | 'meter_id' | 'customer_id' | 'occurred_at', string> &
      Record<'value' | 'unique_value', string | null>
  >(
    em,
    `select id, identifier, meter_id, customer_id, trim_scale(value)::text as value, unique_value, occurred_at
     from usage_event where project_id = $1 and environment = $2 and identifier = any($3)`,
    [projectId, environment, identifiers],
  );
  return new Map(
    rows.map((row) => [
      row.identifier,
      {
        id: row.id,
        meterId: row.meter_id,
        customerId: row.customer_id,
        value: row.value,
        uniqueValue: row.unique_value,
        occurredAt: new Date(row.occurred_at),
      },
    ]),
  );
}

/** Takes back what the same transaction has inserted. */
export const removeEvents = (em: EntityManager, ids: string[]) =>
  ids.length ? runStatement(em, 'delete from usage_event where id = any($1)', [ids]) : Promise.resolve([]);
