import { setTimeout as sleep } from 'node:timers/promises';
import { statement } from './database.ts';

export type Applied = { lag50: number; lag99: number; lastAt: number };

/** How long all of it may take, in milliseconds: ten thousand events are done in a tenth of it. */
const patience = 120_000;

/**
 * Waits until every event is done.
 * @param events the prefix of the objects' ids that are meant.
 * @returns the milliseconds from the event's arrival until its row was committed, and when the last one was.
 * @throws where an event was not applied, or takes too long.
 */
export async function untilApplied(url: string, objects: string): Promise<Applied> {
  const ofObjects = `inbound_event where lane_key like '%/${objects}\\_%'`;
  const begin = performance.now();
  while (await someUndone(url)) {
    if (performance.now() - begin > patience) throw new Error(`After ${patience / 1_000} s not every event is done.`);
    await sleep(50);
  }
  // The row of an event was last written by the transaction that wrote its object.
  const [row] = await statement<{ failed: number; lag50: number; lag99: number; last: number }>(
    url,
    `select count(*) filter (where outcome <> 'applied')::int as failed,
       percentile_cont(0.5) within group (order by lag)::float8 * 1000 as lag50,
       percentile_cont(0.99) within group (order by lag)::float8 * 1000 as lag99,
       extract(epoch from max(at))::float8 * 1000 as last
     from (
       select outcome, pg_xact_commit_timestamp(xmin) as at,
         extract(epoch from pg_xact_commit_timestamp(xmin) - received_at) as lag
       from ${ofObjects}
     ) as events`,
  );
  if (row!.failed) throw new Error(`${row!.failed} events were not applied.`);
  return { lag50: row!.lag50, lag99: row!.lag99, lastAt: row!.last };
}

async function someUndone(url: string): Promise<boolean> {
  const [row] = await statement<{ some: boolean }>(
    url,
    'select exists(select from inbound_event where done_at is null) as some',
  );
  return row!.some;
}
