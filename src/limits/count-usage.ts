import type { EntityManager } from '@mikro-orm/core';
import type { BaseLogger } from 'pino';
import { runStatement } from '../database/run-statement.ts';

/** Counts what API keys ask. The counts are in memory, and are written together. */
export type UsageCounter = {
  count(apiKeyId: string, weight: number, refused: boolean): void;
  /** Writes what was counted. */
  flush(): Promise<void>;
  /** Writes it for the last time. */
  close(): Promise<void>;
};

/** In milliseconds. As much is lost where the process is killed. */
const writtenEach = 5_000;
const dayLasts = 86_400_000;

/** `lastUsedAt` is in milliseconds since 1970. */
type Use = { keyId: string; day: string; requests: number; weight: number; refused: number; lastUsedAt: number };

/** Keys are locked in the order of their ids, so that no two processes wait for each other. */
const statement = `
  with known as (
    select id from api_key where id = any($1) order by id for no key update
  ), used as (
    select used.* from unnest($1::text[], $2::date[], $3::int[], $4::int[], $5::int[], $6::timestamptz[])
      as used(key_id, day, requests, weight, refused, last_used_at)
    join known on known.id = used.key_id
    order by used.key_id, used.day
  ), counted as (
    insert into api_key_usage (api_key_id, day, requests, weight, refused)
    select key_id, day, requests, weight, refused from used
    on conflict (api_key_id, day) do update set
      requests = api_key_usage.requests + excluded.requests,
      weight = api_key_usage.weight + excluded.weight,
      refused = api_key_usage.refused + excluded.refused
  )
  update api_key set last_used_at = greatest(api_key.last_used_at, latest.last_used_at)
  from (select key_id, max(last_used_at) as last_used_at from used group by key_id) latest
  where api_key.id = latest.key_id`;

/** @param tools.em is forked for each writing. */
export function createUsageCounter({ em, log }: { em: EntityManager; log: Pick<BaseLogger, 'warn'> }): UsageCounter {
  let counted = new Map<string, Use>();
  let writing: Promise<void> = Promise.resolve();
  let today = { begins: 0, name: '' };

  /** The day (UTC): every request asks, and a text is made of it once a day. */
  function dayOf(now: number): string {
    const begins = now - (now % dayLasts);
    if (begins !== today.begins) today = { begins, name: new Date(begins).toISOString().slice(0, 10) };
    return today.name;
  }

  function add(use: Use) {
    const place = `${use.keyId} ${use.day}`;
    const known = counted.get(place);
    if (!known) return void counted.set(place, use);
    known.requests += use.requests;
    known.weight += use.weight;
    known.refused += use.refused;
    if (use.lastUsedAt > known.lastUsedAt) known.lastUsedAt = use.lastUsedAt;
  }

  async function write() {
    if (!counted.size) return;
    const uses = [...counted.values()];
    counted = new Map();
    const column = (of: (use: Use) => unknown) => uses.map(of);
    try {
      await runStatement(em.fork(), statement, [
        column(({ keyId }) => keyId),
        column(({ day }) => day),
        column(({ requests }) => requests),
        column(({ weight }) => weight),
        column(({ refused }) => refused),
        column(({ lastUsedAt }) => new Date(lastUsedAt).toISOString()),
      ]);
    } catch (failure) {
      for (const use of uses) add(use);
      throw failure;
    }
  }

  const flush = () => (writing = writing.catch(() => {}).then(write));
  const timer = setInterval(
    () => flush().catch((err) => log.warn({ err }, 'The usage of API keys cannot be written; it is kept')),
    writtenEach,
  ).unref();
  return {
    count(keyId, weight, refused) {
      const lastUsedAt = Date.now();
      const day = dayOf(lastUsedAt);
      add({ keyId, day, requests: 1, weight, refused: refused ? 1 : 0, lastUsedAt });
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush().catch((err) => log.warn({ err }, 'The last usage of API keys is lost'));
    },
  };
}
