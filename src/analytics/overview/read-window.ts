import type { EntityManager } from '@mikro-orm/core';
import { ofOneMoment } from '../../database/of-one-moment.ts';
import { runStatement } from '../../database/run-statement.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import type { Window } from '../metrics/check-window.ts';
import { lastTrueDay } from '../snapshots/last-true-day.ts';
import { readStandings, type Standings } from '../snapshots/read-standings.ts';
import { readSnapshots } from '../snapshots/snapshot-rows.ts';
import { type Revenue, revenueOfWindow } from './revenue-of-window.ts';

/** What analytics of a window are made of. */
export type WindowFacts = {
  revenue: Map<string, Revenue>;
  start: Standings;
  end: Standings;
} & CustomerFacts;

type CustomerFacts = {
  /** Of the subscriptions that were active at the begin, how many were canceled in the window. */
  canceled: number;
  /** Of the end of the window. */
  customers: number;
  growth: { day: string; created: number; deleted: number }[];
};

/** All of it is of one moment. */
export async function readWindow({ em }: { em: EntityManager }, side: Side, window: Window): Promise<WindowFacts> {
  return ofOneMoment(em, async (em) => {
    const last = { lastTrueDay: await lastTrueDay({ em }, side) };
    const start = await readStandings({ em }, side, { at: window.from, ...last });
    const end = await readStandings({ em }, side, { at: window.to, ...last });
    const after = start.base ?? '-infinity';
    const between = end.base === null ? [] : await readSnapshots({ em }, side, { from: after, to: end.base });
    const revenue = revenueOfWindow(
      start,
      end,
      between.filter(({ day }) => day !== start.base),
    );
    return { revenue, start, end, ...(await readCustomers({ em }, side, window)) };
  });
}

const ofSide = 'project_id = $1 and environment = $2';
/** Whoever is being made in Stripe is nobody yet. */
const seenOfSide = `${ofSide} and stripe_customer_id is not null`;

async function readCustomers(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  { from, to }: Window,
): Promise<CustomerFacts> {
  const [row] = await runStatement<{ read: CustomerFacts }>(
    em,
    `select json_build_object(
       'canceled', (
         select count(distinct canceled.subscription_id) from revenue_movement canceled cross join lateral (
           select status_after from revenue_movement
           where subscription_id = canceled.subscription_id and occurred_at < $3::timestamptz order by ordinal desc limit 1
         ) before
         where ${ofSide} and canceled.status_after = 'CANCELED' and before.status_after in ('ACTIVE', 'PAST_DUE')
           and occurred_at >= $3::timestamptz and occurred_at < $4::timestamptz
       ),
       'customers', (select count(*) from customer where ${seenOfSide} and created_at < $4::timestamptz)
         - (select count(*) from customer where ${seenOfSide} and deleted_at < $4::timestamptz),
       'growth', (select coalesce(json_agg(g order by day), '[]') from (
         select to_char(at at time zone 'UTC', 'YYYY-MM-DD') as day, sum(created) as created, sum(deleted) as deleted from (
           select created_at as at, 1 as created, 0 as deleted from customer
           where ${seenOfSide} and created_at >= $3::timestamptz and created_at < $4::timestamptz
           union all
           select deleted_at, 0, 1 from customer
           where ${seenOfSide} and deleted_at >= $3::timestamptz and deleted_at < $4::timestamptz
         ) c group by 1
       ) g)
     ) as read`,
    [projectId, environment, from.toISOString(), to.toISOString()],
  );
  return row!.read;
}
