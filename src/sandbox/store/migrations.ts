import type pg from 'pg';

/** The history of the schema `sandbox`: add at the end, never edit. */
const migrations = [
  `create table sandbox.object (
     account text not null,
     object text not null,
     id text not null,
     seq bigint generated always as identity,
     created bigint not null,
     deleted boolean not null default false,
     data jsonb not null,
     primary key (account, object, id)
   );
   create index object_newest on sandbox.object (account, object, created, seq);
   create index object_of_customer on sandbox.object (account, object, (data->>'customer'), created, seq)
     where data->>'customer' is not null;
   create index object_by_email on sandbox.object (account, object, (data->>'email'))
     where data->>'email' is not null;
   create index price_of_product on sandbox.object (account, (data->>'product'), created, seq) where object = 'price';
   create index price_by_lookup_key on sandbox.object (account, (data->>'lookup_key')) where object = 'price';
   create index event_by_type on sandbox.object (account, (data->>'type'), created, seq) where object = 'event';
   create index invoice_of_subscription on sandbox.object
     (account, (data#>>'{parent,subscription_details,subscription}'), created, seq) where object = 'invoice';
   create index object_by_id on sandbox.object (id);

   create table sandbox.idempotency (
     account text not null,
     key text not null,
     fingerprint text not null,
     status int not null,
     body text not null,
     created timestamptz not null default now(),
     primary key (account, key)
   );

   create table sandbox.delivery (
     id bigint generated always as identity primary key,
     account text not null,
     endpoint text not null,
     event text not null,
     state text not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
     attempts int not null default 0,
     due timestamptz not null default now(),
     claimed_until timestamptz,
     answer text
   );
   create index delivery_due on sandbox.delivery (due, id) where state = 'pending';
   create index delivery_of_event on sandbox.delivery (account, event);`,

  `create table sandbox.timer (
     account text not null,
     action text not null,
     id text not null,
     at bigint not null,
     clock text,
     seq bigint generated always as identity,
     primary key (account, action, id)
   );
   create index timer_due on sandbox.timer (at, seq) where clock is null;
   create index timer_of_clock on sandbox.timer (account, clock, at, seq) where clock is not null;
   create index clock_advancing on sandbox.object (account)
     where object = 'test_helpers.test_clock' and data->>'status' = 'advancing';`,

  `alter table sandbox.object add recorded timestamptz not null default now();
   alter table sandbox.delivery
     add faults text[] not null default '{}',
     add created timestamptz not null default now(),
     add attempted timestamptz;
   create index delivery_newest on sandbox.delivery (account, id);`,

  `create index session_of_payment on sandbox.object (account, (data->>'payment_intent')) where object = 'checkout.session';
   create index session_of_intent on sandbox.object (account, (data#>>'{_sandbox,order,intent}'))
     where object = 'checkout.session';
   create index session_of_setup on sandbox.object (account, (data->>'setup_intent')) where object = 'checkout.session';
   create index dispute_of_charge on sandbox.object (account, (data->>'charge')) where object in ('dispute', 'refund');
   create index promotion_by_code on sandbox.object (account, (data#>>'{_sandbox,lowerCode}'))
     where object = 'promotion_code';`,
];

/** Creates the schema `sandbox` or brings it up to date; several processes may try at once. */
export async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock(hashtext('sandbox.migration'))`);
    await client.query(`create schema if not exists sandbox;
      create table if not exists sandbox.migration (number int primary key, applied timestamptz not null default now())`);
    const { rows } = await client.query('select coalesce(max(number), 0) as last from sandbox.migration');
    for (const [index, statement] of migrations.entries()) {
      if (index < rows[0].last) continue;
      await client.query(statement);
      await client.query('insert into sandbox.migration (number) values ($1)', [index + 1]);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
