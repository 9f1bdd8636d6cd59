import type { EntityManager } from '@mikro-orm/core';
import type { MikroORM } from '@mikro-orm/postgresql';
import { runStatement } from '../../database/run-statement.ts';
import type { ClaimedLane, LaneKind } from '../../lanes/lane-kind.ts';
import { settleLanes } from '../../lanes/settle-lanes.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import { workEach } from '../../lanes/work-each.ts';
import { refreshRevenue } from './refresh-revenue.ts';
import { firstRevenueLane } from './revenue-lane.ts';

/** How many subscriptions are looked at in one transaction. */
const together = 200;

/** The subscriptions that a discount of a customer's, or a price, may change: those that have not ended. */
const concernedBy: Record<string, string> = {
  customer: 's.customer_id = $1',
  price: 'exists (select from subscription_item i where i.subscription_id = s.id and i.price_id = $1)',
};

/** When it changed, by Stripe's clock. */
const changeOf: Record<string, string> = {
  customer: 'select discount_changed_at as since from customer where id = $1',
  price: 'select to_timestamp(evidence) as since from price where id = $1',
};

/**
 * The lanes `revenue/<cause>/<id>`: what something else than a change of a subscription makes of its revenue. A discount ends by time, the
 * customer's discount or the price changes; and `revenue/first`, which gives revenue to what an older server wrote.
 */
export function createRevenueLanes({ orm }: { orm: MikroORM }): LaneKind {
  return workEach({ orm, atOnce: 2 }, async (lane) => {
    const [, cause = '', id = ''] = lane.key.split('/');
    if (lane.key === firstRevenueLane) return giveFirst();
    if (cause === 'subscription') return passTime(lane, id);
    if (cause in concernedBy) return refreshConcerned(cause, id);
  });

  /** The lane comes back when the next discount ends. */
  function passTime(lane: ClaimedLane, id: string): Promise<void> {
    return inTransaction(async (em) => {
      await refreshRevenue(em, [id], null);
      const [next] = await runStatement<{ at: string }>(
        em,
        'select changes_at as at from subscription_revenue where subscription_id = $1 and changes_at is not null',
        [id],
      );
      await settleLanes(em, [lane]);
      if (next) await wakeLanes(em, [lane.key], new Date(next.at));
    });
  }

  function refresh(ids: string[], since: Date | null): Promise<void> {
    return inTransaction((em) => refreshRevenue(em, ids, since));
  }

  async function refreshConcerned(cause: string, id: string): Promise<void> {
    // Whoever inserts a subscription at this moment has read what it refers to before it changed, or holds this lock until it can be seen below.
    await inTransaction((em) => runStatement(em, `select from ${cause} where id = $1 for update`, [id]));
    const [change] = await runStatement<{ since: string | null }>(orm.em.fork(), changeOf[cause]!, [id]);
    if (!change) return;
    const since = change.since ? new Date(change.since) : null;
    await eachBatch(
      `select s.id from subscription s where ${concernedBy[cause]} and s.status not in ('CANCELED', 'INCOMPLETE_EXPIRED') and s.id > $2
       order by s.id limit ${together}`,
      [id],
      (ids) => refresh(ids, since),
    );
  }

  async function giveFirst(): Promise<void> {
    await eachBatch(
      `select s.id from subscription s where not exists (select from subscription_revenue r where r.subscription_id = s.id) and s.id > $1
       order by s.id limit ${together}`,
      [],
      (ids) => refresh(ids, null),
    );
  }

  /** @param statement takes `values`, and then the last id of the batch before. */
  async function eachBatch(statement: string, values: unknown[], work: (ids: string[]) => Promise<void>) {
    for (let after = ''; ; ) {
      const rows = await runStatement<{ id: string }>(orm.em.fork(), statement, [...values, after]);
      if (!rows.length) return;
      await work(rows.map(({ id }) => id));
      after = rows.at(-1)!.id;
    }
  }

  function inTransaction<Result>(work: (em: EntityManager) => Promise<Result>): Promise<Result> {
    return orm.em.fork().transactional(work);
  }
}
