import type { EntityManager } from '@mikro-orm/core';

/**
 * Lanes: durable work on PostgreSQL.
 *
 * A lane is one thing that is worked by one worker at a time: an object of Stripe's, a customer to complete, a webhook to
 * deliver. Its row in the table `lane` exists while there is work, and its key says what it is: `<kind>/<whatever>`.
 *
 * - **Waking.** `wakeLanes(em, keys)` inside the transaction that makes the work: the work and the lane commit together.
 *   It locks the row and raises `gen`, so that a wake-up is never lost, however many coalesce.
 * - **Claiming.** A worker holds an advisory lock for its whole life, whose id is its `owner`. Claiming stamps the lane with
 *   the owner and a new random `token`. When the worker dies, PostgreSQL frees its lock, and any worker frees its lanes.
 * - **Settling.** `settleLanes(em, lanes)` in the transaction that writes the result: the lane is deleted, or, where `gen`
 *   grew meanwhile, given free for another round. A lane whose token was replaced is not settled, and then nothing
 *   may be written: that is the fence.
 * - **Failing.** The lane waits: 50 ms, then twice as long each time, up to a minute, or a second where the database is at
 *   fault. After `mortalAttempts` it is dead: it rests until it is woken. A `TryLater` (somebody else is at fault) never
 *   kills a lane, and a `NotYet` (its turn comes later) does not even count.
 *
 * To add a kind: write a LaneKind, or use `workEach` for work that needs no fence; list it under its prefix in the `kinds`
 * given to startWorker; wake its lanes. Work may be repeated (a crash after the work and before the settling), so it must be
 * idempotent, and a lane may run earlier than `runAt`.
 */
export type LaneKind = {
  /**
   * Takes up lanes of this kind that were claimed together. Answers a promise for each, in order: resolved when the lane was
   * settled, rejected when it failed.
   */
  work(lanes: ClaimedLane[]): Promise<void>[];
  /** Called in the transaction that makes lanes dead, to mark what they carried. */
  bury?(em: EntityManager, keys: string[]): Promise<void>;
};

/** By the part of the key before the first slash. */
export type LaneKinds = Record<string, LaneKind>;

export type ClaimedLane = { key: string; gen: string; token: string; attempts: number };

/** Thrown by a handler when the fault is not the lane's: another try will do, however long it takes to come. */
export class TryLater extends Error {
  override name = 'TryLater';
}

/** Thrown by a handler whose turn has not come: nothing failed, and the lane comes back after so many milliseconds. */
export class NotYet extends TryLater {
  override name = 'NotYet';
  readonly milliseconds: number;
  constructor(milliseconds: number) {
    super('Its turn has not come.');
    this.milliseconds = milliseconds;
  }
}

/** After so many claims in a row that failed by its own fault, a lane is dead. About a quarter of an hour. */
export const mortalAttempts = 25;

/** All workers listen here for lanes that were woken. */
export const laneChannel = 'billgraph_lanes';
