import type pg from 'pg';
import type { AnyStored } from '../objects.ts';
import { planDeliveries } from '../webhooks/plan-deliveries.ts';

type Database = Pick<pg.ClientBase, 'query'>;
interface Change {
  object: AnyStored;
  deleted: boolean;
}

/** Writes objects (new or changed), and for each event the deliveries to the endpoints that asked for its type. */
export async function saveChanges(db: Database, account: string, changes: Change[]) {
  const { deliveries, struck } = await planDeliveries(db, account, changes);
  const rows = [...changes, ...struck.map((object) => ({ object, deleted: false }))].map(({ object, deleted }) => ({
    object: object.object,
    id: object.id,
    created: createdOf(object),
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
    `insert into sandbox.delivery (account, event, endpoint, state, due, faults, answer)
     select $1, event, endpoint, case when dropped then 'failed' else 'pending' end, now() + delay * interval '1 millisecond',
       array(select jsonb_array_elements_text(faults)), case when dropped then 'dropped by a fault' end
     from jsonb_to_recordset($2) as planned(event text, endpoint text, dropped boolean, delay float8, faults jsonb)`,
    [account, JSON.stringify(deliveries)],
  );
}

/** Seconds since 1970; v2 objects say it in ISO 8601. */
function createdOf(object: object): number {
  const { created = 0 } = object as { created?: number | string };
  return typeof created === 'string' ? Math.floor(Date.parse(created) / 1_000) : created;
}
