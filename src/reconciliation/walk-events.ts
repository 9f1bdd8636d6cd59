import type Stripe from 'stripe';
import { runStatement } from '../database/run-statement.ts';
import { examineObjects } from '../drift/drift-lanes.ts';
import type { ExamineTools } from '../drift/examine-object.ts';
import { Refusal } from '../errors.ts';
import { addressOf } from '../mirror/stripe-lane.ts';
import { stripeObjects } from '../mirror/stripe-objects.ts';
import type { OpenConnection } from '../stripe/stripe-connections.ts';
import { subscribedEventTypes } from '../webhooks/event-types.ts';
import { type ArrivedEvent, readEvent } from '../webhooks/read-event.ts';
import { storeEvents } from '../webhooks/store-events.ts';

const day = 86_400;
/** Seconds for which Stripe keeps events. */
const kept = 30 * day;
/** Each walk begins so many seconds before the end of the last one: an event may become visible after a newer one. */
const overlap = 300;
/** The events of so many seconds are walked at a time, the oldest first. After each, the cursor moves. */
const stride = day / 4;

type Walk = {
  connection: OpenConnection;
  /** The second until which all events are known. */
  from: number;
  /** The events of the last so many seconds are left to their delivery. 0: everything that Stripe has. */
  grace: number;
  /** Store what is missing, and heal. */
  heal: boolean;
  /** Called when all events until this second are in the inbox. */
  onKnownUntil(second: number): Promise<void>;
};

/**
 * Lists Stripe's events and puts those into the inbox whose delivery never came: from there they take the way of all events.
 * Before, their objects are examined: what differs is written down, and healed.
 */
export async function walkEvents(tools: ExamineTools, walk: Walk): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const until = now - walk.grace;
  for (let start = Math.max(now - kept, walk.from - overlap); start < until; start += stride) {
    const end = Math.min(start + stride, until);
    // Under a test clock, events may be of the future: without grace, the last stride has no end.
    const created = end === until && !walk.grace ? { gte: start } : { gte: start, lt: end };
    await walkStride(tools, walk, created);
    await walk.onKnownUntil(end);
  }
}

async function walkStride(tools: ExamineTools, walk: Walk, created: Stripe.RangeQueryParam): Promise<void> {
  const { stripe } = walk.connection;
  for (let after: string | undefined; ; ) {
    const page = await stripe.events.list({ created, limit: 100, ...(after ? { starting_after: after } : {}) });
    const missing = await findMissing(tools, walk.connection, page.data);
    if (missing.length) await bringMissing(tools, walk, missing);
    after = page.data.at(-1)?.id;
    if (!page.has_more || !after) return;
  }
}

/** Those that our endpoint asks for, and that are not in the inbox. */
async function findMissing({ orm }: ExamineTools, connection: OpenConnection, events: Stripe.Event[]) {
  const asked = events.filter(({ type }) => subscribed.has(type));
  const rows = await runStatement<{ event_id: string }>(
    orm.em.fork(),
    'select event_id from inbound_event where connection_id = $1 and event_id = any($2)',
    [connection.id, asked.map(({ id }) => id)],
  );
  const known = new Set(rows.map(({ event_id }) => event_id));
  return asked.filter(({ id }) => !known.has(id)).flatMap((event) => readMissing(event, connection) ?? []);
}

const subscribed = new Set<string>(subscribedEventTypes);

/** An event of the wrong mode or account is refused here as it is at the door; null for that. */
function readMissing(event: Stripe.Event, connection: OpenConnection): ArrivedEvent | null {
  try {
    return readEvent(JSON.stringify(event), connection);
  } catch (failure) {
    if (failure instanceof Refusal) return null;
    throw failure;
  }
}

async function bringMissing(tools: ExamineTools, { connection, heal }: Walk, missing: ArrivedEvent[]): Promise<void> {
  const lanes = new Set(missing.flatMap(({ laneKey, isHandled }) => (laneKey && isHandled ? laneKey : [])));
  const objects = Map.groupBy([...lanes].map(addressOf), ({ object }) => object);
  // Each type after those that it refers to.
  for (const type of stripeObjects.keys()) {
    const ids = (objects.get(type) ?? []).map(({ id }) => id);
    await examineObjects(tools, { connection, type, ids, reason: 'WEBHOOK_MISSING', heal });
  }
  if (heal) await storeEvents(tools.orm.em.fork(), missing, { recovered: true });
}
