import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { Pair, WaitingRow } from './message.ts';

/** So many rows that were not sent are taken up together for a lane. */
export const rowsTogether = 500;

/** What a lane has to tell Stripe, in the order in which it was written. */
export type Work = { pair: Pair; rows: WaitingRow[] };

const pairs = `
  select key.key, customer.id as "customerId", meter.id as "meterId", meter.connection_id as "connectionId",
    customer.stripe_customer_id as "stripeCustomerId", meter.stripe_meter_id as "stripeMeterId",
    meter.stripe_formula as "stripeFormula", meter.stripe_event_name as "stripeEventName",
    meter.customer_payload_key as "customerPayloadKey", meter.value_payload_key as "valuePayloadKey"
  from unnest($1::text[]) as key
  join customer on customer.id = split_part(key.key, '/', 2)
  join meter on meter.id = split_part(key.key, '/', 3)`;

const row = (alias: string) => `${alias}.id, ${alias}.is_correction as "isCorrection", ${alias}.quantity,
  floor(extract(epoch from ${alias}.occurred_at))::float8 as "occurredAt", ${alias}.state,
  ${alias}.stripe_identifier as "stripeIdentifier", extract(epoch from ${alias}.stripe_at)::float8 as "stripeAt",
  ${alias}.stripe_value as "stripeValue", extract(epoch from now() - ${alias}.asked_at)::float8 as "askedAgo"`;

const waiting = (state: string, limit: string) => `(
  select * from usage_forwarding f where f.customer_id = split_part(key.key, '/', 2) and f.meter_id = split_part(key.key, '/', 3)
    and f.state = '${state}' order by f.id ${limit})`;

const rows = `
  select key.key, ${row('one')},
    case when one.is_correction and sent.id is null then one.usage_event_id else sent.stripe_identifier end as "sentIdentifier"
  from unnest($1::text[]) as key
  cross join lateral (${waiting('ASKED', '')} union all ${waiting('PENDING', 'limit $2')}) as one
  left join usage_forwarding sent on one.is_correction and sent.usage_event_id = one.usage_event_id and not sent.is_correction
  order by one.id`;

/** Loads what waits in these lanes. What Stripe was asked is whole: an event of Stripe's is sent again as it was. */
export async function loadWork({ em }: { em: EntityManager }, keys: string[]): Promise<Map<string, Work>> {
  const found = await runStatement<Pair & { key: string }>(em, pairs, [keys]);
  const waiting = await runStatement<WaitingRow & { key: string }>(em, rows, [keys, rowsTogether]);
  const byKey = Map.groupBy(waiting, ({ key }) => key);
  return new Map(found.map((pair) => [pair.key, { pair, rows: byKey.get(pair.key) ?? [] }]));
}
