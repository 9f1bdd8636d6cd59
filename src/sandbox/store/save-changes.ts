import type pg from 'pg';
import type { AnyStored, Stored } from '../objects.ts';

type Database = Pick<pg.ClientBase, 'query'>;

/** Writes objects (new or changed), and for each event the deliveries to the endpoints that asked for its type. */
export async function saveChanges(db: Database, account: string, changes: { object: AnyStored; deleted: boolean }[]) {
  const events = changes.map(({ object }) => object).filter((object) => object.object === 'event') as Stored<'event'>[];
  const deliveries = events.length ? await dueDeliveries(db, account, events) : [];
  const rows = changes.map(({ object, deleted }) => ({
    object: object.object,
    id: object.id,
    created: 'created' in object ? object.created : 0,
    deleted,
    data: object,
  }));
  await db.query(
    `insert into sandbox.object (account, object, id, created, deleted, data)
     select $1, row->>'object', row->>'id', (row->>'created')::bigint, (row->>'deleted')::boolean, row->'data'
     from jsonb_array_elements($2) with ordinality as change(row, position) order by position
     on conflict (account, object, id) do update set deleted = excluded.deleted, data = excluded.data`,
    [account, JSON.stringify(rows)],
  );
  if (!deliveries.length) return;
  await db.query(
    `insert into sandbox.delivery (account, event, endpoint)
     select $1, event, endpoint from unnest($2::text[], $3::text[]) as due(event, endpoint)`,
    [account, deliveries.map(({ event }) => event), deliveries.map(({ endpoint }) => endpoint)],
  );
}

async function dueDeliveries(db: Database, account: string, events: Stored<'event'>[]) {
  const { rows } = await db.query<{ data: Stored<'webhook_endpoint'> }>(
    `select data from sandbox.object
     where account = $1 and object = 'webhook_endpoint' and not deleted and data->>'status' = 'enabled'`,
    [account],
  );
  return events.flatMap((event) => {
    const asked = rows.filter(({ data }) => data.enabled_events.some((type) => type === '*' || type === event.type));
    event.pending_webhooks = asked.length;
    return asked.map(({ data }) => ({ event: event.id, endpoint: data.id }));
  });
}
