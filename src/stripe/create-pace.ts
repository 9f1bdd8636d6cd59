import type { Environment } from '../environment.ts';
import { NotYet, TryLater } from '../lanes/lane-kind.ts';
import { type Turns, turnsTogether } from './reserve-turns.ts';

type PacedConnection = { id: string; environment: Environment };

/** How fast the background asks Stripe, by connection: no faster than Stripe allows, all processes together. */
export type Pace = {
  /**
   * Resolves when the connection may ask Stripe for one more thing. Turns come in the order in which they were asked for.
   * @throws TryLater after the pace was closed.
   */
  turn(connection: PacedConnection): Promise<void>;
  /**
   * Does what needs a turn, where it comes soon: at most a second's turns are wanted by this at a time.
   * @throws NotYet where it is not done; each with a later time, so that what is put off does not come back at once.
   */
  soon<Result>(connection: PacedConnection, work: () => Promise<Result>): Promise<Result>;
  /** Stripe said that we ask too much: nobody asks for so many milliseconds. */
  suspend(connectionId: string, milliseconds: number): Promise<void>;
  /** Gives no more turns, refuses those who wait, and leaves no timer. */
  close(): void;
};

type Queue = {
  waiting: { go(): void; fail(failure: unknown): void }[];
  timer: NodeJS.Timeout | undefined;
  wake: () => void;
};

/** Between so many milliseconds, work that is put off comes back. */
const soonest = 1_000;
const latest = 30_000;

/**
 * @param tools.reserve gives this process turns that no other one has.
 * @param tools.readsPerSecond how many turns a connection has each second.
 */
export function createPace(tools: {
  reserve(what: { connectionId: string; turns: number; perSecond: number }): Promise<Turns>;
  suspend(connectionId: string, milliseconds: number): Promise<void>;
  readsPerSecond: Record<Environment, number>;
}): Pace {
  const queues = new Map<string, Queue>();
  const soonDone = new Map<string, number>();
  const putOffUntil = new Map<string, number>();
  let closed = false;
  const stopping = () => new TryLater('This server is stopping.');
  return { turn, soon, suspend: tools.suspend, close };

  async function turn({ id, environment }: PacedConnection): Promise<void> {
    if (closed) throw stopping();
    return new Promise((go, fail) => {
      const queue = queues.get(id);
      if (queue) queue.waiting.push({ go, fail });
      else void serve(id, tools.readsPerSecond[environment], { go, fail });
    });
  }

  /** Lasts as long as somebody waits. */
  async function serve(connectionId: string, perSecond: number, first: Queue['waiting'][number]): Promise<void> {
    const queue: Queue = { waiting: [first], timer: undefined, wake() {} };
    queues.set(connectionId, queue);
    const { waiting } = queue;
    while (waiting.length) {
      const turns = Math.min(waiting.length, turnsTogether(perSecond));
      try {
        const { wait, gap } = await tools.reserve({ connectionId, turns, perSecond });
        const begin = performance.now() + wait;
        for (let taken = 0; taken < turns; taken++) {
          await sleepUntil(begin + taken * gap, queue);
          waiting.shift()?.go();
        }
      } catch (failure) {
        for (const { fail } of waiting.splice(0)) fail(failure);
      }
    }
    queues.delete(connectionId);
  }

  async function sleepUntil(instant: number, queue: Queue): Promise<void> {
    const milliseconds = Math.ceil(instant - performance.now());
    if (milliseconds <= 0 || closed) return;
    await new Promise<void>((resolve) => {
      queue.wake = resolve;
      queue.timer = setTimeout(resolve, milliseconds);
    });
  }

  async function soon<Result>({ id, environment }: PacedConnection, work: () => Promise<Result>): Promise<Result> {
    const perSecond = tools.readsPerSecond[environment];
    const underWay = soonDone.get(id) ?? 0;
    if (underWay >= perSecond) throw new NotYet(putOff(id, perSecond));
    soonDone.set(id, underWay + 1);
    try {
      return await work();
    } finally {
      const left = soonDone.get(id)! - 1;
      if (left) soonDone.set(id, left);
      else soonDone.delete(id);
    }
  }

  function putOff(id: string, perSecond: number): number {
    const now = performance.now();
    const next = Math.max(now + soonest, (putOffUntil.get(id) ?? 0) + 1000 / perSecond);
    const until = next > now + latest ? now + soonest : next;
    putOffUntil.set(id, until);
    return until - now;
  }

  function close() {
    closed = true;
    for (const { waiting, timer, wake } of queues.values()) {
      for (const { fail } of waiting.splice(0)) fail(stopping());
      clearTimeout(timer);
      wake();
    }
  }
}
