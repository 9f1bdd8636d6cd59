import type pg from 'pg';
import type { FaultKind } from '../faults/fault.ts';
import type { Stored } from '../objects.ts';

/** One event on its way to one endpoint. */
export interface Delivery {
  id: string;
  account: string;
  /** How often it has been tried, this time included. */
  attempts: number;
  faults: FaultKind[];
  endpointId: string;
  event: Stored<'event'> | Stored<'v2.core.event'>;
  /** Missing where it was deleted or disabled meanwhile. */
  endpoint: Stored<'webhook_endpoint'> | Stored<'v2.core.event_destination'> | null;
}

/** Takes deliveries that are due, oldest first, for this process to try; after `leaseMs` they are anybody's again. */
export async function claimDeliveries(pool: pg.Pool, limit: number, busyEndpoints: string[], leaseMs: number) {
  const { rows } = await pool.query<Delivery>(
    `with due as (
       select id from sandbox.delivery
       where state = 'pending' and due <= now() and (claimed_until is null or claimed_until < now())
         and endpoint <> all($2)
       order by due, id limit $1 for update skip locked
     ), claimed as (
       update sandbox.delivery d set attempts = attempts + 1, attempted = now(), claimed_until = now() + $3 * interval '1 millisecond'
       from due where d.id = due.id returning d.*
     )
     select claimed.id, claimed.account, claimed.attempts, claimed.faults, claimed.endpoint as "endpointId",
            event.data as event, endpoint.data as endpoint
     from claimed
     join sandbox.object event on (event.account, event.id) = (claimed.account, claimed.event)
       and event.object = any('{event,v2.core.event}')
     left join sandbox.object endpoint on (endpoint.account, endpoint.id) = (claimed.account, claimed.endpoint)
       and endpoint.object = any('{webhook_endpoint,v2.core.event_destination}') and not endpoint.deleted and endpoint.data->>'status' = 'enabled'
     order by claimed.id`,
    [limit, busyEndpoints, leaseMs],
  );
  return rows;
}

/** Settles a delivery for good, and takes it off the event's `pending_webhooks`. */
export async function endDelivery(pool: pg.Pool, delivery: Delivery, state: 'delivered' | 'failed', answer: string) {
  await pool.query(
    `with ended as (update sandbox.delivery set state = $2, answer = $3, claimed_until = null where id = $1)
     update sandbox.object
     set data = jsonb_set(data, '{pending_webhooks}', to_jsonb(greatest(0, (data->>'pending_webhooks')::int - 1)))
     where account = $4 and object = 'event' and id = $5`,
    [delivery.id, state, answer, delivery.account, delivery.event.id],
  );
}

export async function retryDelivery(pool: pg.Pool, delivery: Delivery, inMs: number, answer: string) {
  await pool.query(
    `update sandbox.delivery
     set due = now() + $2 * interval '1 millisecond', answer = $3, claimed_until = null where id = $1`,
    [delivery.id, inMs, answer],
  );
}

/** Gives an attempt back that was cut short by us. */
export async function releaseDelivery(pool: pg.Pool, delivery: Delivery) {
  await pool.query('update sandbox.delivery set attempts = attempts - 1, claimed_until = null where id = $1', [
    delivery.id,
  ]);
}

/** Frees what a process that died had claimed. */
export async function releaseClaims(pool: pg.Pool) {
  await pool.query(
    `update sandbox.delivery set claimed_until = null where state = 'pending' and claimed_until is not null`,
  );
}

/** Milliseconds until the next delivery can be claimed, none or less where one became due just now; `undefined` where none waits. */
export async function nextDueIn(pool: pg.Pool, busyEndpoints: string[]): Promise<number | undefined> {
  const { rows } = await pool.query<{ ms: number | null }>(
    `select (extract(epoch from min(greatest(due, claimed_until)) - now()) * 1000)::float8 as ms
     from sandbox.delivery where state = 'pending' and endpoint <> all($1)`,
    [busyEndpoints],
  );
  return rows[0]?.ms ?? undefined;
}
