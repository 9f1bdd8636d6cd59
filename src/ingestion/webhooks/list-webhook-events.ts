import type { EntityManager } from '@mikro-orm/core';
import DataLoader from 'dataloader';
import { runStatement } from '../../database/run-statement.ts';
import { badInput } from '../../errors.ts';
import type { Connection } from '../../graphql/connection.ts';
import { cursorOf, isBounded, type PageArgs, type Place, pageOf } from '../../reader/page.ts';
import type { WebhookEventFilter, WebhookEventType } from './webhook-event.type.ts';
import { webhookEventCondition } from './webhook-event-filter.ts';

type Row = Omit<WebhookEventType, 'createdAt' | 'receivedAt' | 'doneAt' | 'payload'> & {
  seq: string;
  at: string;
  createdAt: number;
  receivedAt: number;
  doneAt: number | null;
};

const columns = `
  event.seq, event.received_at::text as at, event.event_id as id, event.type, event.recovered,
  upper(coalesce(event.outcome, 'pending')) as status,
  split_part(event.lane_key, '/', 3) as "objectType", split_part(event.lane_key, '/', 4) as "objectId",
  event.api_version as "apiVersion", event.stripe_created::float8 * 1000 as "createdAt",
  extract(epoch from event.received_at)::float8 * 1000 as "receivedAt",
  extract(epoch from event.done_at)::float8 * 1000 as "doneAt",
  least(extract(epoch from coalesce(event.done_at, now()) - event.received_at) * 1000, 2147483647)::int as "lagMilliseconds",
  case when event.done_at is null or event.outcome = 'dead' then lane.last_error end as "lastError",
  case when event.done_at is null or event.outcome = 'dead' then coalesce(lane.attempts, 0) else 0 end as attempts`;

/** A page of the inbox of a Stripe connection, in the order in which events came. */
export async function listWebhookEvents(
  { em }: { em: EntityManager },
  connectionId: string,
  filter: WebhookEventFilter,
  args: PageArgs,
): Promise<Connection<WebhookEventType>> {
  const { size, backwards, after, before } = pageOf(args);
  const { condition, values } = webhookEventCondition(filter, { first: 7, field: 'filter' });
  const direction = backwards ? 'desc' : 'asc';
  const rows = await runStatement<Row>(
    em,
    `select ${columns} from inbound_event event left join lane on lane.key = event.lane_key
     where event.connection_id = $1 and ${condition}
       and (event.received_at, event.seq) > ($2::timestamptz, $3::bigint)
       and (event.received_at, event.seq) < ($4::timestamptz, $5::bigint)
     order by event.received_at ${direction}, event.seq ${direction} limit $6`,
    [
      connectionId,
      after.createdAt,
      seqOf(after, 'after'),
      before.createdAt,
      seqOf(before, 'before'),
      size + 1,
      ...values,
    ],
  );
  const page = rows.slice(0, size);
  if (backwards) page.reverse();
  const payloads = payloadsOf(em, connectionId);
  const edges = page.map((row) => ({
    cursor: cursorOf({ createdAt: row.at, id: row.seq }),
    node: nodeOf(row, payloads),
  }));
  const more = rows.length > size;
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: backwards ? isBounded(before) : more,
      hasPreviousPage: backwards ? more : isBounded(after),
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: onDemand(() => countEvents(em, connectionId, filter)),
  };
}

async function countEvents(em: EntityManager, connectionId: string, filter: WebhookEventFilter): Promise<number> {
  const { condition, values } = webhookEventCondition(filter, { first: 2, field: 'filter' });
  const statement = `select count(*)::int as count from inbound_event event where event.connection_id = $1 and ${condition}`;
  const [row] = await runStatement<{ count: number }>(em, statement, [connectionId, ...values]);
  return row!.count;
}

/** Payloads are large: those of a page are read in one statement, and only where they are asked for. */
function payloadsOf(em: EntityManager, connectionId: string) {
  return new DataLoader<string, string | null>(async (seqs) => {
    const rows = await runStatement<{ seq: string; payload: string }>(
      em,
      'select seq, payload::text from inbound_event where connection_id = $1 and seq = any($2::bigint[])',
      [connectionId, seqs],
    );
    const found = new Map(rows.map(({ seq, payload }) => [seq, payload]));
    return seqs.map((seq) => found.get(seq) ?? null);
  });
}

function nodeOf(row: Row, payloads: DataLoader<string, string | null>): WebhookEventType {
  const { seq, at: _, createdAt, receivedAt, doneAt, ...node } = row;
  return {
    ...node,
    createdAt: new Date(createdAt),
    receivedAt: new Date(receivedAt),
    doneAt: doneAt === null ? null : new Date(doneAt),
    payload: onDemand(() => payloads.load(seq)),
  };
}

/** graphql-js calls it where the field is asked for. */
const onDemand = <Value>(read: () => Promise<Value>) => read as unknown as Value;

/** The place's event; nothing comes at either end of time. */
function seqOf(place: Place, field: string): string {
  if (!isBounded(place)) return '0';
  if (!/^\d{1,18}$/.test(place.id)) throw badInput('This is not a cursor of this list.', field);
  return place.id;
}
