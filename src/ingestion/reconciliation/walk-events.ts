import { LRUCache } from 'lru-cache';
import type Stripe from 'stripe';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import { isRightMissing } from '../../stripe/stripe-trouble.ts';
import { thinEventTypes } from '../../tenancy/webhook-endpoints/event-destination.ts';
import type { ExamineTools } from '../drift/examine-object.ts';
import { subscribedEventTypes } from '../webhooks/event-types.ts';
import { bringMissingEvents } from './bring-missing-events.ts';

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
 * Lists Stripe's events, and brings those whose delivery never came: the thin ones, which have a list of their own, before the cursor
 * of both moves.
 */
export async function walkEvents(tools: ExamineTools, walk: Walk): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const until = now - walk.grace;
  const first = Math.max(now - kept, walk.from - overlap);
  await walkThinEvents(tools, walk, { start: first, until });
  for (let start = first; start < until; start += stride) {
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
    await bringMissingEvents(
      tools,
      walk,
      page.data.filter(({ type }) => subscribed.has(type)),
    );
    after = page.data.at(-1)?.id;
    if (!page.has_more || !after) return;
  }
}

/** What our endpoint asks for. */
const subscribed = new Set<string>(subscribedEventTypes);

/** Connections whose key may not list thin events: the clock asks again after an hour, and whoever asks by himself at once. */
const refused = new LRUCache<string, true>({ max: 1_000, ttl: 3_600_000 });

/** Of thin events there are few: they are listed from the newest one back, in one stride. */
async function walkThinEvents(tools: ExamineTools, walk: Walk, { start, until }: { start: number; until: number }) {
  const { id, stripe } = walk.connection;
  if (walk.grace && refused.has(id)) return;
  const list = stripe.v2.core.events.list({ types: [...thinEventTypes], limit: 100 });
  const missed: Stripe.V2.Core.Event[] = [];
  try {
    for await (const event of list) {
      const second = Date.parse(event.created) / 1000;
      if (second < start) break;
      if (second < until || !walk.grace) missed.push(event);
    }
  } catch (failure) {
    // A restricted key may go without: the doctor says so.
    if (!isRightMissing(failure)) throw failure;
    refused.set(id, true);
  }
  await bringMissingEvents(tools, walk, missed);
}
