import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresThatCrashes } from './postgres-that-crashes.ts';
import type { Random } from './random.ts';
import type { Sender } from './sender.ts';
import type { ServerProcess } from './server-process.ts';

/** How long servers took to be back, in milliseconds: after their own start, and after PostgreSQL took connections again. */
export type Comebacks = { afterKill: number[]; afterCrash: number[]; postgres: number[] };

type Options = { kills: number; crashes: number; duration: number };

/**
 * Kills servers and crashes PostgreSQL at random moments of the duration (milliseconds), and starts the servers again. Resolves
 * when all are back.
 */
export async function bringMisfortunes(
  { random, servers, postgres, sender }: Tools,
  { kills, crashes, duration }: Options,
): Promise<Comebacks> {
  const comebacks: Comebacks = { afterKill: [], afterCrash: [], postgres: [] };
  const waiting: Promise<unknown>[] = [];
  const plan = [
    ...Array.from({ length: kills }, () => ({ at: random.next() * duration, what: kill })),
    // Apart from each other, and neither first nor last.
    ...Array.from({ length: crashes }, (_, n) => ({
      at: ((n + 0.5 + random.next() * 0.4) / crashes) * duration,
      what: crash,
    })),
  ].sort((a, b) => a.at - b.at);

  const begin = Date.now();
  for (const { at, what } of plan) {
    await sleep(Math.max(0, begin + at - Date.now()));
    await what();
  }
  await Promise.all(waiting);
  return comebacks;

  async function kill() {
    const server = random.pick(servers);
    await server.kill();
    await sleep(random.below(300));
    const startedAt = Date.now();
    server.start();
    const back = backSince(server, startedAt).then((at) => {
      if (Number.isFinite(at)) comebacks.afterKill.push(at - startedAt);
    });
    // Often the next misfortune comes before it is back.
    if (random.chance(0.3)) waiting.push(back);
    else await back;
  }

  /** A server that starts needs its database: it would end, and be started again by whoever watches over it. */
  async function crash() {
    await Promise.all(servers.map((server) => server.ready()));
    const crashedAt = Date.now();
    const acceptedAt = await postgres.crash();
    comebacks.postgres.push(acceptedAt - crashedAt);
    for (const at of await Promise.all(servers.map((server) => backSince(server, acceptedAt))))
      comebacks.afterCrash.push(at - acceptedAt);
  }

  /** The first delivery that it took, or the first time it said that it is ready. */
  async function backSince(server: ServerProcess, since: number): Promise<number> {
    const ready = server.ready();
    let over = false;
    const taken = (async () => {
      while (!over) {
        const at = sender.lastAcknowledged.get(server.url) ?? 0;
        if (at > since) return at;
        await sleep(5);
      }
      return Number.POSITIVE_INFINITY;
    })();
    const at = await Promise.race([ready, taken]);
    over = true;
    return at;
  }
}

type Tools = { random: Random; servers: ServerProcess[]; postgres: PostgresThatCrashes; sender: Sender };
