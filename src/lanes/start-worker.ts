import { setTimeout as sleep } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { BaseLogger } from 'pino';
import { groupCommit } from '../database/group-commit.ts';
import { runStatement } from '../database/run-statement.ts';
import { createAlarm } from './alarm.ts';
import { claimLanes } from './claim-lanes.ts';
import { type FailedLane, failLanes } from './fail-lanes.ts';
import { type ClaimedLane, type LaneKind, type LaneKinds, laneChannel, NotYet } from './lane-kind.ts';
import { announcePresence } from './presence.ts';
import { reapLanes, workerLock } from './reap-lanes.ts';

export type Worker = {
  /** Claims no more, waits for the lanes under way, and leaves no handle. What takes too long is left to other workers. */
  stop(): Promise<void>;
  /** Whether it is connected, and claimed lately. */
  isHealthy(): boolean;
  /** Resolves when no lane is due or under way, here or in another process. */
  idle(): Promise<void>;
};

const claimedTogether = 100;
const heldAtMost = 600;
const pollEvery = 250;
/** Lanes that come one after the other are claimed together: a statement for ten costs hardly more than for one. */
const gatherFor = 20;
const reapEvery = 500;
const healthyFor = 10_000;
const graceToStop = 5_000;

/**
 * Works the lanes of the given kinds until it is stopped. Any number of workers may run on one database.
 * @throws where the database cannot be reached at the start; later it waits for the database to come back.
 */
export async function startWorker({
  orm,
  databaseUrl,
  log,
  kinds,
}: {
  orm: MikroORM;
  databaseUrl: string;
  log: Pick<BaseLogger, 'warn' | 'error'>;
  kinds: LaneKinds;
}): Promise<Worker> {
  const prefixes = Object.keys(kinds);
  const underWay = new Set<Promise<void>>();
  const alarm = createAlarm();
  const failures = groupCommit(recordFailures, { items: 200, commits: 1 });
  const listen = { channel: laneChannel, onWake: alarm.ring };
  const presence = await announcePresence({ databaseUrl, log, lock: workerLock, listen });
  let stopping = false;
  // By a clock that nobody sets: one that is set back would have the worker sleep.
  let lastPass = performance.now();
  const running = run();
  return { stop, isHealthy, idle };

  async function run() {
    let lastReap = -reapEvery;
    while (!stopping) {
      try {
        if (performance.now() - lastReap > reapEvery) {
          lastReap = performance.now();
          await reapLanes(orm.em.fork());
        }
        const claimed = await claim();
        lastPass = performance.now();
        if (claimed === claimedTogether) continue;
      } catch (failure) {
        log.warn({ err: failure }, 'The worker cannot claim lanes');
      }
      await alarm.wait(pollEvery);
      await sleep(Math.max(0, lastPass + gatherFor - performance.now()));
    }
  }

  async function claim(): Promise<number> {
    const owner = presence.owner();
    const limit = Math.min(claimedTogether, heldAtMost - underWay.size);
    if (owner === null || limit <= 0) return 0;
    const lanes = await claimLanes(orm.em.fork(), { owner, kinds: prefixes, limit });
    for (const [prefix, kind] of Object.entries(kinds)) {
      const ofKind = lanes.filter(({ key }) => key.startsWith(`${prefix}/`));
      if (ofKind.length) for (const [index, round] of take(kind, ofKind).entries()) follow(ofKind[index]!, round);
    }
    return lanes.length;
  }

  function follow(lane: ClaimedLane, round: Promise<void>) {
    const end = round
      .catch((failure) => failures.add({ lane, failure }))
      .finally(() => {
        underWay.delete(end);
        if (underWay.size === heldAtMost - 1) alarm.ring();
      });
    underWay.add(end);
  }

  /** Tried until the database takes it: a lane that is not given free would stay ours as long as we live. */
  async function recordFailures(failed: FailedLane[]): Promise<undefined[]> {
    for (const { lane, failure } of failed)
      if (!(failure instanceof NotYet))
        log.warn({ lane: lane.key, attempts: lane.attempts, err: failure }, 'A lane failed');
    for (;;) {
      try {
        const dead = await orm.em.fork().transactional((em) => failLanes(em, kinds, failed));
        for (const lane of dead)
          log.error({ lane }, 'A lane is dead: it failed too often, and rests until it is woken');
        break;
      } catch (failure) {
        log.warn({ err: failure }, 'The worker cannot give lanes free');
        if (stopping) break;
        await sleep(pollEvery);
      }
    }
    return failed.map(() => undefined);
  }

  async function stop() {
    stopping = true;
    alarm.ring();
    await running;
    const patience = new AbortController();
    const impatience = sleep(graceToStop, undefined, { signal: patience.signal }).catch(() => {});
    await Promise.race([Promise.all(underWay), impatience]);
    patience.abort();
    await presence.close();
  }

  function isHealthy() {
    return presence.owner() !== null && performance.now() - lastPass < healthyFor;
  }

  async function idle() {
    const busy = `select from lane where (owner is not null or run_at <= now()) and split_part(key, '/', 1) = any($1) limit 1`;
    while (underWay.size || (await runStatement(orm.em.fork(), busy, [prefixes])).length) await sleep(10);
  }
}

/** A handler that throws before it has answered any promise fails all its lanes. */
function take(kind: LaneKind, lanes: ClaimedLane[]): Promise<void>[] {
  try {
    return kind.work(lanes);
  } catch (failure) {
    return lanes.map(() => Promise.reject(failure));
  }
}
