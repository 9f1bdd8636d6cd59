import type { MikroORM } from '@mikro-orm/postgresql';
import type { ClaimedLane, LaneKind } from './lane-kind.ts';
import { createLimiter } from './limiter.ts';
import { settleLanes } from './settle-lanes.ts';

/**
 * A kind whose lanes are worked one by one, and settled afterwards: for work that may be repeated without harm.
 * @param tools.atOnce how many lanes are worked at a time.
 */
export function workEach(
  { orm, atOnce }: { orm: MikroORM; atOnce: number },
  work: (lane: ClaimedLane) => Promise<void>,
): LaneKind {
  const limit = createLimiter(atOnce);
  const settleAfter = async (lane: ClaimedLane) => {
    await work(lane);
    await settleLanes(orm.em.fork(), [lane]);
  };
  return { work: (lanes) => lanes.map((lane) => limit(() => settleAfter(lane))) };
}
