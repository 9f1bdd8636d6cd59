import pg from 'pg';
import { addHours, addValues } from '../../src/usage/totals/add-to-hours.ts';

export const meters = ['SUM', 'COUNT', 'MAX', 'LAST', 'UNIQUE_COUNT'] as const;
export const customers = 1_000;
/** Of all events, this share is one customer's. */
const ofLargest = 0.1;
/** So many different values a UNIQUE_COUNT meter sees of a customer, at the most. */
const users = 5_000;
const chunk = 250_000;

export const customerId = (n: number) => `pc_${String(n).padStart(26, '0')}`;
export const meterId = (n: number) => `met_${String(n).padStart(26, '0')}`;

/**
 * Fills a database with events of the last 35 days, and adds them to their hours by the product's own statements. Foreign keys and triggers
 * rest meanwhile.
 * @returns the seconds that it took, of each.
 */
export async function fill(url: string, of: { projectId: string; connectionId: string; events: number }) {
  const client = new pg.Client(url);
  await client.connect();
  const seconds = { events: 0, hours: 0 };
  const timed = async (what: keyof typeof seconds, text: string, values: unknown[]) => {
    const begun = performance.now();
    await client.query(text, values);
    seconds[what] += (performance.now() - begun) / 1_000;
  };
  try {
    await client.query(
      `insert into customer (id, project_id, environment, connection_id, stripe_customer_id, external_id, metadata, created_at, updated_at)
       select 'pc_' || lpad(n::text, 26, '0'), $1, 'TEST', $2, 'cus_' || n, 'u_' || n, '{}', now(), now() from generate_series(0, ${customers - 1}) n`,
      [of.projectId, of.connectionId],
    );
    for (const [n, aggregation] of meters.entries())
      await client.query(
        `insert into meter (id, project_id, environment, connection_id, event_name, display_name, aggregation, stripe_meter_id,
           stripe_event_name, stripe_formula, created_at, updated_at)
         values ($1, $2, 'TEST', $3, $4, $4, $5, $6, $4, 'sum', now(), now())`,
        [meterId(n), of.projectId, of.connectionId, `meter_${n}`, aggregation, `mtr_${n}`],
      );
    await client.query('set session_replication_role = replica');
    for (let first = 0; first < of.events; first += chunk) {
      const last = Math.min(first + chunk, of.events) - 1;
      await timed(
        'events',
        `insert into usage_event (id, project_id, environment, customer_id, meter_id, identifier, value, unique_value, occurred_at,
           actor_kind, actor_id, created_at)
         select 'ue_' || lpad(n::text, 26, '0'), $1, 'TEST', 'pc_' || lpad(customer::text, 26, '0'), 'met_' || lpad(meter::text, 26, '0'),
           'e' || n, case when meter <> 4 then (n % 1000)::numeric / 8 end, case when meter = 4 then 'user_' || (random() * ${users})::int end,
           now() - random() * interval '35 days', 'API_KEY', 'key', now()
         from (select n, case when random() < ${ofLargest} then 0 else 1 + n % ${customers - 1} end as customer,
           (random() * 4)::int as meter from generate_series($2::int, $3::int) n) e`,
        [of.projectId, first, last],
      );
      const ids = `e.id between 'ue_' || lpad($1::text, 26, '0') and 'ue_' || lpad($2::text, 26, '0')`;
      await timed('hours', addHours(ids), [String(first), String(last)]);
      await timed('hours', addValues(ids), [String(first), String(last)]);
    }
    await client.query('reset session_replication_role');
    await client.query('vacuum analyze usage_event, usage_hour, usage_hour_value, customer, meter');
    const { rows } = await client.query(
      `select (select count(*) from usage_event) as events, (select count(*) from usage_hour) as hours,
         (select count(*) from usage_hour_value) as values, pg_size_pretty(pg_total_relation_size('usage_event')) as size`,
    );
    return { seconds, ...(rows[0] as Record<'events' | 'hours' | 'values' | 'size', string>) };
  } finally {
    await client.end();
  }
}
