import type { EntityManager } from '@mikro-orm/core';
import type { BaseLogger } from 'pino';
import { type ClaimedLane, TryLater } from '../../lanes/lane-kind.ts';
import { settleLanes } from '../../lanes/settle-lanes.ts';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import type { InboundOutcome } from '../webhooks/inbound-event.entity.ts';
import type { UndoneEvent } from './newest-snapshot.ts';
import type { Seen, SyncOutcome } from './seen.ts';
import { findStrays } from './strays.ts';
import { addressOf } from './stripe-lane.ts';
import { stripeObjects } from './stripe-objects.ts';
import { markEventsDone } from './undone-events.ts';

/** A lane under way, with the events that it answers for. */
export type Round = { lane: ClaimedLane; events: UndoneEvent[] };

/** How a round ends. */
export type Ended = { round: Round; outcome: InboundOutcome };

export type Write = {
  connection: OpenConnection;
  /** The object's type, in Stripe's word. */
  type: string;
  seen: Seen<unknown>;
  /** Null for an object that is brought because another one refers to it. */
  round: Round | null;
};

/**
 * Writes what was seen, settles the lanes and marks their events, all in the EntityManager's transaction. Types are written in
 * an order in which each finds the rows that it refers to, and those of one type in the order of their ids: transactions that
 * write the same rows lock them in the same order. Of several writes of one object, one counts.
 */
export async function writeSeen(
  { em, log }: { em: EntityManager; log: Pick<BaseLogger, 'warn'> },
  writes: Write[],
): Promise<SyncOutcome[]> {
  const outcomes = new Map<Write, SyncOutcome>();
  for (const [type, { sync }] of stripeObjects) {
    const ofType = inOrder(onePerObject(writes.filter((write) => write.type === type)));
    for (const [connection, group] of Map.groupBy(ofType, (write) => write.connection)) {
      const alongside = (type: string) =>
        writes.filter((write) => write.type === type && write.connection === connection).map(({ seen }) => seen);
      const results = await sync(
        { em, connection, log, alongside },
        group.map(({ seen }) => seen),
      );
      await em.flush();
      for (const [index, write] of group.entries()) outcomes.set(write, results[index]!);
    }
  }
  const outcomeOf = (write: Write) => outcomes.get(write) ?? 'overtaken';
  const ended = writes.flatMap((write) => {
    const outcome = outcomeOf(write);
    return write.round && isFinal(outcome) ? { round: write.round, outcome } : [];
  });
  const strays = await straysOf(em, ended);
  await endRounds(
    em,
    ended.filter((end) => !strays.has(end.round)),
  );
  return writes.map((write) => (write.round && strays.has(write.round) ? 'overtaken' : outcomeOf(write)));
}

/** The rounds that end because their object belongs to nobody, although its customer has come meanwhile. */
export async function straysOf(em: EntityManager, ended: Ended[]): Promise<Set<Round>> {
  const unrouted = ended.filter(({ outcome }) => outcome === 'unrouted').map(({ round }) => round);
  const strays = new Set<string>();
  for (const [connectionId, rounds] of Map.groupBy(unrouted, ({ lane }) => addressOf(lane.key).connectionId)) {
    const seqs = rounds.flatMap(({ events }) => events.map(({ seq }) => seq));
    for (const seq of await findStrays(em, connectionId, seqs)) strays.add(seq);
  }
  return new Set(unrouted.filter(({ events }) => events.some(({ seq }) => strays.has(seq))));
}

/** That of the object's own lane, where there is one. */
function onePerObject(writes: Write[]): Write[] {
  const firstLanes = writes.toSorted((a, b) => Number(!a.round) - Number(!b.round));
  const first = new Map(firstLanes.toReversed().map((write) => [`${write.connection.id} ${write.seen.id}`, write]));
  return writes.filter((write) => first.get(`${write.connection.id} ${write.seen.id}`) === write);
}

function inOrder(writes: Write[]): Write[] {
  const place = ({ connection, seen }: Write) => `${connection.id} ${seen.id}`;
  return writes.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
}

const isFinal = (outcome: SyncOutcome): outcome is 'applied' | 'ignored' | 'unrouted' =>
  typeof outcome === 'string' && outcome !== 'overtaken';

/**
 * Settles lanes and marks their events, in the EntityManager's transaction.
 * @throws TryLater where a lane is no longer ours: nothing of this transaction may be kept.
 */
export async function endRounds(em: EntityManager, ended: Ended[]): Promise<void> {
  if (!ended.length) return;
  const areOurs = await settleLanes(
    em,
    ended.map(({ round }) => round.lane),
  );
  if (!areOurs) throw new TryLater('Another worker has taken over a lane.');
  await markEventsDone(
    em,
    ended.flatMap(({ round, outcome }) => round.events.map(({ seq }) => ({ seq, outcome }))),
  );
}
