import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { Window } from '../metrics/check-window.ts';
import { definitions } from '../metrics/definitions.ts';
import { countMetric } from '../metrics/metrics.ts';
import type { WebhookStatisticsType } from './statistics.type.ts';

const names = ['received', 'processed', 'ignored', 'pending', 'failed', 'dead', 'unrouted'] as const;
type Name = (typeof names)[number];

/** How the events of a Stripe connection fared that came in a window. */
export async function readWebhookStatistics(
  { em }: { em: EntityManager },
  connectionId: string,
  { from, to }: Window,
  now: Date,
): Promise<WebhookStatisticsType> {
  const [counted] = await runStatement<Record<Name, number>>(
    em,
    `select count(*)::int as received,
       count(*) filter (where outcome = 'applied')::int as processed,
       count(*) filter (where outcome = 'ignored')::int as ignored,
       count(*) filter (where outcome = 'dead')::int as dead,
       count(*) filter (where outcome = 'unrouted')::int as unrouted,
       count(*) filter (where done_at is null and not fails)::int as pending,
       count(*) filter (where done_at is null and fails)::int as failed
     from (
       select outcome, done_at, done_at is null and exists (
         select from lane where lane.key = event.lane_key and lane.last_error is not null) as fails
       from inbound_event event where connection_id = $1 and received_at >= $2::timestamptz and received_at < $3::timestamptz
     ) e`,
    [connectionId, from.toISOString(), to.toISOString()],
  );
  const definitionOf = (name: Name) =>
    definitions[`webhooks${name[0]!.toUpperCase()}${name.slice(1)}` as 'webhooksDead'];
  const metrics = names.map((name) => [name, countMetric(counted![name], definitionOf(name), now)]);
  return Object.fromEntries(metrics) as WebhookStatisticsType;
}
