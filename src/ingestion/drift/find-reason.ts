import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import { laneOf } from '../mirror/stripe-lane.ts';
import type { DriftReason } from './drift-finding.entity.ts';

type What = { connection: OpenConnection; type: string; id: string };

/** Whether the object is of the other mode than the connection: the key is one of the other mode. */
export function isOfWrongMode({ environment }: OpenConnection, object: unknown): boolean {
  const { livemode } = (object ?? {}) as { livemode?: boolean };
  return livemode !== undefined && livemode !== (environment === 'LIVE');
}

/**
 * Why a row differs of whose object no event is missing: what came of it failed, or nothing came at all. Null: an event
 * of it is on its way to the row at this moment, and there is nothing to be said yet.
 */
export async function findReason(em: EntityManager, { connection, type, id }: What): Promise<DriftReason | null> {
  const [events] = await runStatement<{ failed: boolean | null; pending: boolean | null }>(
    em,
    `select bool_or(event.outcome = 'dead' or lane.last_error is not null) as failed, bool_or(event.done_at is null) as pending
     from inbound_event event left join lane on lane.key = event.lane_key
     where event.connection_id = $1 and event.lane_key = $2 and (event.outcome = 'dead' or event.done_at is null)`,
    [connection.id, laneOf({ connectionId: connection.id, object: type, id })],
  );
  if (events?.failed) return 'WEBHOOK_FAILED';
  return events?.pending ? null : 'EDITED_IN_STRIPE';
}
