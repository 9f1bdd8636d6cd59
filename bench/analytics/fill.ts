import pg from 'pg';

export const customers = 100_000;
export const subscriptions = 120_000;
const years = 3;

const id = (prefix: string, n: string) => `'${prefix}_' || lpad((${n})::text, 26, '0')`;

/**
 * Fills a database with customers of three years, their subscriptions, and the movements of these, in three currencies: seven of ten pay by the
 * month, the others by the year, whose twelfths are fractions; a fifth begins with a trial; each changes up to four times; two of five have
 * ended. Foreign keys and triggers rest meanwhile.
 * @returns how many movements there are.
 */
export async function fill(url: string, of: { projectId: string; connectionId: string }): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query('set session_replication_role = replica');
    await client.query('select setseed(0.5)');
    await client.query(
      `insert into customer (id, project_id, environment, connection_id, stripe_customer_id, external_id, email, metadata, created_at, updated_at, deleted_at)
       select ${id('pc', 'n')}, $1, 'TEST', $2, 'cus_' || n, 'u_' || n, 'c' || n || '@example.com', '{}', at, at,
         case when n % 50 = 0 then at + random() * (now() - at) end
       from (select n, now() - random() * interval '${years} years' as at from generate_series(1, ${customers}) n) c`,
      [of.projectId, of.connectionId],
    );
    await client.query(
      `insert into subscription (id, project_id, environment, connection_id, customer_id, stripe_subscription_id, status, stripe_status, currency,
         cancel_at_period_end, metadata, created_at, updated_at)
       select ${id('ps', 'n')}, $1, 'TEST', $2, ${id('pc', `1 + n % ${customers}`)}, 'sub_' || n, 'ACTIVE', 'active',
         case when n % 20 = 0 then 'GBP' when n % 20 < 4 then 'EUR' else 'USD' end, false, '{}', now(), now()
       from generate_series(1, ${subscriptions}) n`,
      [of.projectId, of.connectionId],
    );
    // A life is a list of moments, each with what is paid from then on in twelfths of a minor unit.
    await client.query(
      `create temporary table moment as
       select n, k, born + (now() - born) * ((k + random()) / (changes + 2)) as at, status,
         case when status = 'ACTIVE' then (case when n % 10 < 7 then 12 else 1 end) * (900 + 100 * (n % 40)) * (1 + (k * n) % 3) else 0 end as paid,
         case when status = 'TRIALING' then 12 * (900 + 100 * (n % 40)) else 0 end as trial
       from (
         select *, case when k = 0 and n % 5 = 0 then 'TRIALING' when k = changes and k > 0 and n % 5 < 3 then 'CANCELED'
           when k > 0 and (k + n) % 13 = 0 then 'UNPAID' else 'ACTIVE' end as status
         from (select n, (random() * 4)::int + (n % 5 = 0)::int as changes, now() - random() * interval '${years} years' as born
               from generate_series(1, ${subscriptions}) n) life
         cross join lateral generate_series(0, changes) k
       ) moments`,
    );
    await client.query(
      `insert into revenue_movement (id, project_id, environment, customer_id, subscription_id, ordinal, currency, type, numerator, denominator,
         trial_numerator, trial_denominator, status_before, status_after, occurred_at, recorded_at)
       select ${id('rmv', 'row_number() over (order by at)')}, $1, 'TEST', ${id('pc', `1 + n % ${customers}`)}, ${id('ps', 'n')}, k + 1,
         case when n % 20 = 0 then 'GBP' when n % 20 < 4 then 'EUR' else 'USD' end,
         case when paid = before then null when before = 0 then case when ever then 'REACTIVATION' else 'NEW' end when paid = 0 then 'CHURN'
           when paid > before then 'EXPANSION' else 'CONTRACTION' end,
         (paid - before) / gcd(paid - before, 12), 12 / gcd(paid - before, 12),
         (trial - trial_before) / gcd(trial - trial_before, 12), 12 / gcd(trial - trial_before, 12), status_before, status, at, at
       from (
         select *, lag(paid, 1, 0) over w as before, lag(trial, 1, 0) over w as trial_before, lag(status) over w as status_before,
           coalesce(max(paid) over (partition by n order by k rows between unbounded preceding and 1 preceding), 0) > 0 as ever
         from moment window w as (partition by n order by k)
       ) m`,
      [of.projectId],
    );
    await client.query(
      `insert into subscription_revenue (subscription_id, project_id, environment, customer_id, currency, status, mrr_numerator, mrr_denominator,
         trial_numerator, trial_denominator, had_revenue, movements, changed_at)
       select ${id('ps', 'n')}, $1, 'TEST', ${id('pc', `1 + n % ${customers}`)}, case when n % 20 = 0 then 'GBP' when n % 20 < 4 then 'EUR' else 'USD' end,
         status, paid / gcd(paid, 12), 12 / gcd(paid, 12), trial / gcd(trial, 12), 12 / gcd(trial, 12), paid > 0, k + 1, at
       from (select distinct on (n) * from moment order by n, k desc) last`,
      [of.projectId],
    );
    await client.query('reset session_replication_role');
    await client.query('vacuum analyze customer, subscription, subscription_revenue, revenue_movement');
    const { rows } = await client.query('select count(*)::int as movements from revenue_movement');
    return rows[0].movements;
  } finally {
    await client.end();
  }
}
