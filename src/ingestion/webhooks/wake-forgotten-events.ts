import type { EntityManager } from '@mikro-orm/core';
import type { BaseLogger } from 'pino';
import { runStatement } from '../../database/run-statement.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';

/** So many lanes are woken at a time: what is left waits for the next minute. */
const together = 1_000;

/**
 * Wakes the lanes of events that are not done although no lane stands for them. Event and lane are written and settled
 * together, so there should be none: a lane that somebody deleted by hand leaves such events, and they would wait for ever.
 * @returns how many lanes were woken.
 */
export async function wakeForgottenEvents({
  em,
  log,
}: {
  em: EntityManager;
  log: Pick<BaseLogger, 'warn'>;
}): Promise<number> {
  const forgotten = await runStatement<{ key: string }>(
    em,
    `select distinct event.lane_key as key from inbound_event event
     where event.done_at is null and event.lane_key is not null
       and not exists (select from lane where lane.key = event.lane_key)
     limit $1`,
    [together],
  );
  const keys = forgotten.map(({ key }) => key);
  if (keys.length)
    log.warn({ lanes: keys.length, first: keys[0] }, 'Events waited without a lane: their lanes are woken');
  await wakeLanes(em, keys);
  return keys.length;
}
