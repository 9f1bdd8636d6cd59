import type Stripe from 'stripe';
import { runStatement } from '../../database/run-statement.ts';
import { Refusal } from '../../errors.ts';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import { examineObjects } from '../drift/drift-lanes.ts';
import type { ExamineTools } from '../drift/examine-object.ts';
import { addressOf } from '../mirror/stripe-lane.ts';
import { stripeObjects } from '../mirror/stripe-objects.ts';
import { type ArrivedEvent, readEvent } from '../webhooks/read-event.ts';
import { storeEvents } from '../webhooks/store-events.ts';

/**
 * Puts those of Stripe's events into the inbox that are not there: from there they take the way of all events. Before, their
 * objects are examined: what differs is written down, and healed.
 * @param of.heal false: only look, and write down.
 */
export async function bringMissingEvents(
  tools: ExamineTools,
  { connection, heal }: { connection: OpenConnection; heal: boolean },
  events: (Stripe.Event | Stripe.V2.Core.Event)[],
): Promise<void> {
  const missing = await findMissing(tools, connection, events);
  if (!missing.length) return;
  const lanes = new Set(missing.flatMap(({ laneKey, isHandled }) => (laneKey && isHandled ? laneKey : [])));
  const objects = Map.groupBy([...lanes].map(addressOf), ({ object }) => object);
  // Each type after those that it refers to.
  for (const type of stripeObjects.keys()) {
    const ids = (objects.get(type) ?? []).map(({ id }) => id);
    await examineObjects(tools, { connection, type, ids, reason: 'WEBHOOK_MISSING', heal });
  }
  if (heal) await storeEvents(tools.orm.em.fork(), missing, { recovered: true });
}

async function findMissing(
  { orm }: ExamineTools,
  connection: OpenConnection,
  events: (Stripe.Event | Stripe.V2.Core.Event)[],
): Promise<ArrivedEvent[]> {
  const rows = await runStatement<{ event_id: string }>(
    orm.em.fork(),
    'select event_id from inbound_event where connection_id = $1 and event_id = any($2)',
    [connection.id, events.map(({ id }) => id)],
  );
  const known = new Set(rows.map(({ event_id }) => event_id));
  return events.filter(({ id }) => !known.has(id)).flatMap((event) => readMissing(event, connection) ?? []);
}

/** An event of the wrong mode or account is refused here as it is at the door; null for that. */
function readMissing(event: { id: string }, connection: OpenConnection): ArrivedEvent | null {
  try {
    return readEvent(JSON.stringify(event), connection);
  } catch (failure) {
    if (failure instanceof Refusal) return null;
    throw failure;
  }
}
