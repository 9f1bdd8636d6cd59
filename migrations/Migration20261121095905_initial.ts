import { Migration } from '@mikro-orm/migrations';

export class Migration20261121095905_initial extends Migration {
  override name = 'Migration20261121095905_initial';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "lane" ("key" text not null, "gen" bigint not null default '1', "run_at" timestamptz not null default now(), "owner" int null, "token" bigint null, "attempts" int not null default 0, "last_error" text null, primary key ("key"));`,
    );
    // Every claim and release rewrites the row: leave room for it on its page, and vacuum by count instead of by share.
    this.addSql(
      `alter table "lane" set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);`,
    );
    this.addSql(`create index lane_due on lane (run_at) where owner is null;`);

    this.addSql(
      `create table "signing_key" ("id" text not null, "public_jwk" jsonb not null, "sealed_private_jwk" text not null, "created_at" timestamptz not null, primary key ("id"));`,
    );

    this.addSql(
      `create table "team" ("id" text not null, "name" text not null, "created_at" timestamptz not null, primary key ("id"));`,
    );

    this.addSql(
      `create table "stripe_connection" ("id" text not null, "team_id" text not null, "environment" text not null, "stripe_account_id" text not null, "sealed_secret_key" text not null, "sealed_webhook_secrets" text[] not null, "stripe_webhook_endpoint_id" text null, "retiring_webhook_endpoint_id" text null, "webhook_secret_retires_at" timestamptz null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "stripe_connection" add constraint "stripe_connection_team_id_environment_unique" unique ("team_id", "environment");`,
    );

    this.addSql(
      `create table "reconciliation" ("connection_id" text not null, "events_until" bigint null, "events_checked_at" timestamptz null, "swept_at" timestamptz null, "endpoint_api_version" text null, "missing_event_types" text[] null, primary key ("connection_id"));`,
    );

    this.addSql(
      `create table "inbound_event" ("seq" bigserial primary key, "connection_id" text not null, "event_id" text not null, "type" text not null, "lane_key" text null, "stripe_created" bigint not null, "api_version" text null, "payload" json not null, "received_at" timestamptz not null default now(), "recovered" boolean not null default false, "done_at" timestamptz null, "outcome" text null);`,
    );
    this.addSql(`create index inbound_event_undone on inbound_event (lane_key, stripe_created) where done_at is null;`);
    this.addSql(
      `create index inbound_event_left on inbound_event (connection_id, outcome) where outcome in ('dead', 'unrouted');`,
    );
    this.addSql(
      `create index "inbound_event_connection_id_received_at_seq_index" on "inbound_event" ("connection_id", "received_at", "seq");`,
    );
    this.addSql(
      `alter table "inbound_event" add constraint "inbound_event_connection_id_event_id_unique" unique ("connection_id", "event_id");`,
    );

    this.addSql(
      `create table "drift_finding" ("id" text not null, "connection_id" text not null, "object_type" text not null, "object_id" text not null, "field" text null, "local" text null, "stripe" text null, "reason" text not null, "created_at" timestamptz not null, "healed_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(`create index "drift_finding_connection_id_id_index" on "drift_finding" ("connection_id", "id");`);
    this.addSql(
      `create unique index drift_finding_open on drift_finding (connection_id, object_id, coalesce(field, '')) where healed_at is null;`,
    );

    this.addSql(
      `create table "backfill" ("id" text not null, "connection_id" text not null, "objects" text[] not null, "created_after" timestamptz null, "assign" jsonb not null, "state" text not null default 'RUNNING', "sections" jsonb null, "section" int not null default 0, "cursor" jsonb null, "tallies" jsonb not null default '{}', "error" text null, "created_at" timestamptz not null, "finished_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(`create unique index backfill_running on backfill (connection_id) where state = 'RUNNING';`);

    this.addSql(
      `create table "backfill_failure" ("id" text not null, "backfill_id" text not null, "object" text not null, "stripe_id" text not null, "reason" text not null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "backfill_failure" add constraint "backfill_failure_backfill_id_stripe_id_unique" unique ("backfill_id", "stripe_id");`,
    );

    this.addSql(
      `create table "project" ("id" text not null, "team_id" text not null, "name" text not null, "created_at" timestamptz not null, primary key ("id"));`,
    );

    this.addSql(
      `create table "product" ("id" text not null, "project_id" text not null, "environment" text not null, "connection_id" text not null, "evidence" bigint not null default '0', "stripe_product_id" text not null, "name" text not null, "description" text null, "active" boolean not null, "metadata" jsonb not null default '{}', "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "product_project_id_environment_created_at_id_index" on "product" ("project_id", "environment", "created_at", "id");`,
    );
    this.addSql(
      `alter table "product" add constraint "product_connection_id_stripe_product_id_unique" unique ("connection_id", "stripe_product_id");`,
    );

    this.addSql(
      `create table "price" ("id" text not null, "project_id" text not null, "environment" text not null, "connection_id" text not null, "evidence" bigint not null default '0', "product_id" text not null, "stripe_price_id" text not null, "type" text not null, "currency" text not null, "unit_amount" bigint null, "unit_amount_decimal" numeric(30,12) null, "recurring_interval" text null, "recurring_interval_count" int null, "lookup_key" text null, "nickname" text null, "active" boolean not null, "metadata" jsonb not null default '{}', "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "price_project_id_environment_created_at_id_index" on "price" ("project_id", "environment", "created_at", "id");`,
    );
    this.addSql(`create index "price_product_id_created_at_id_index" on "price" ("product_id", "created_at", "id");`);
    this.addSql(
      `alter table "price" add constraint "price_connection_id_stripe_price_id_unique" unique ("connection_id", "stripe_price_id");`,
    );

    this.addSql(
      `create table "customer" ("id" text not null, "project_id" text not null, "environment" text not null, "connection_id" text not null, "evidence" bigint not null default '0', "stripe_customer_id" text null, "external_id" text null, "email" text null, "name" text null, "metadata" jsonb not null default '{}', "deleted_at" timestamptz null, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "customer_project_id_environment_created_at_id_index" on "customer" ("project_id", "environment", "created_at", "id");`,
    );
    this.addSql(
      `alter table "customer" add constraint "customer_project_id_environment_email_unique" unique ("project_id", "environment", "email");`,
    );
    this.addSql(
      `alter table "customer" add constraint "customer_project_id_environment_external_id_unique" unique ("project_id", "environment", "external_id");`,
    );
    this.addSql(
      `alter table "customer" add constraint "customer_connection_id_stripe_customer_id_unique" unique ("connection_id", "stripe_customer_id");`,
    );

    this.addSql(
      `create table "subscription" ("id" text not null, "project_id" text not null, "environment" text not null, "connection_id" text not null, "evidence" bigint not null default '0', "customer_id" text not null, "price_id" text null, "quantity" int null, "stripe_subscription_id" text not null, "status" text not null, "stripe_status" text not null, "current_period_start" timestamptz null, "current_period_end" timestamptz null, "trial_start" timestamptz null, "trial_end" timestamptz null, "cancel_at_period_end" boolean not null, "cancel_at" timestamptz null, "canceled_at" timestamptz null, "ended_at" timestamptz null, "metadata" jsonb not null default '{}', "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "subscription_project_id_environment_created_at_id_index" on "subscription" ("project_id", "environment", "created_at", "id");`,
    );
    this.addSql(
      `create index "subscription_customer_id_created_at_id_index" on "subscription" ("customer_id", "created_at", "id");`,
    );
    this.addSql(
      `alter table "subscription" add constraint "subscription_connection_id_stripe_subscription_id_unique" unique ("connection_id", "stripe_subscription_id");`,
    );

    this.addSql(
      `create table "subscription_item" ("id" text not null, "project_id" text not null, "environment" text not null, "subscription_id" text not null, "price_id" text not null, "stripe_subscription_item_id" text not null, "quantity" int null, "current_period_start" timestamptz null, "current_period_end" timestamptz null, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "subscription_item" add constraint "subscription_item_subscription_id_stripe_subscrip_e4845_unique" unique ("subscription_id", "stripe_subscription_item_id");`,
    );

    this.addSql(
      `create table "checkout_session" ("id" text not null, "project_id" text not null, "environment" text not null, "connection_id" text not null, "evidence" bigint not null default '0', "customer_id" text not null, "price_id" text null, "mode" text not null, "stripe_session_id" text null, "status" text null, "expires_at" timestamptz null, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "checkout_session" add constraint "checkout_session_connection_id_stripe_session_id_unique" unique ("connection_id", "stripe_session_id");`,
    );

    this.addSql(
      `create table "api_key" ("id" text not null, "team_id" text not null, "project_ids" text[] not null, "environment" text not null, "name" text not null, "hash" text not null, "last_four" text not null, "scopes" text[] not null, "expires_at" timestamptz null, "revoked_at" timestamptz null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`alter table "api_key" add constraint "api_key_hash_unique" unique ("hash");`);

    this.addSql(
      `alter table "stripe_connection" add constraint "stripe_connection_team_id_foreign" foreign key ("team_id") references "team" ("id");`,
    );
    this.addSql(
      `alter table "stripe_connection" add constraint "stripe_connection_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );

    this.addSql(
      `alter table "reconciliation" add constraint "reconciliation_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id") on update cascade on delete cascade;`,
    );

    this.addSql(
      `alter table "inbound_event" add constraint "inbound_event_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id");`,
    );
    this.addSql(
      `alter table "inbound_event" add constraint "inbound_event_outcome_check" check ("outcome" in ('applied', 'ignored', 'unrouted', 'dead'));`,
    );

    this.addSql(
      `alter table "drift_finding" add constraint "drift_finding_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id");`,
    );
    this.addSql(
      `alter table "drift_finding" add constraint "drift_finding_reason_check" check ("reason" in ('WEBHOOK_MISSING', 'WEBHOOK_FAILED', 'EDITED_IN_STRIPE', 'DIFFERENT_LIVE_SUBSCRIPTION', 'WRONG_MODE'));`,
    );

    this.addSql(
      `alter table "backfill" add constraint "backfill_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id");`,
    );
    this.addSql(
      `alter table "backfill" add constraint "backfill_state_check" check ("state" in ('RUNNING', 'COMPLETED', 'FAILED'));`,
    );

    this.addSql(
      `alter table "backfill_failure" add constraint "backfill_failure_backfill_id_foreign" foreign key ("backfill_id") references "backfill" ("id");`,
    );

    this.addSql(
      `alter table "project" add constraint "project_team_id_foreign" foreign key ("team_id") references "team" ("id");`,
    );

    this.addSql(
      `alter table "product" add constraint "product_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "product" add constraint "product_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id");`,
    );
    this.addSql(
      `alter table "product" add constraint "product_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );

    this.addSql(
      `alter table "price" add constraint "price_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "price" add constraint "price_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id");`,
    );
    this.addSql(
      `alter table "price" add constraint "price_product_id_foreign" foreign key ("product_id") references "product" ("id");`,
    );
    this.addSql(
      `alter table "price" add constraint "price_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(`alter table "price" add constraint "price_type_check" check ("type" in ('ONE_TIME', 'RECURRING'));`);
    this.addSql(
      `alter table "price" add constraint "price_recurring_interval_check" check ("recurring_interval" in ('DAY', 'WEEK', 'MONTH', 'YEAR'));`,
    );

    this.addSql(
      `alter table "customer" add constraint "customer_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "customer" add constraint "customer_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id");`,
    );
    this.addSql(
      `alter table "customer" add constraint "customer_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );

    this.addSql(
      `alter table "subscription" add constraint "subscription_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "subscription" add constraint "subscription_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id");`,
    );
    this.addSql(
      `alter table "subscription" add constraint "subscription_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "subscription" add constraint "subscription_price_id_foreign" foreign key ("price_id") references "price" ("id") on delete no action;`,
    );
    this.addSql(
      `alter table "subscription" add constraint "subscription_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "subscription" add constraint "subscription_status_check" check ("status" in ('INCOMPLETE', 'INCOMPLETE_EXPIRED', 'TRIALING', 'ACTIVE', 'PAST_DUE', 'CANCELED', 'UNPAID', 'PAUSED', 'UNKNOWN'));`,
    );

    this.addSql(
      `alter table "subscription_item" add constraint "subscription_item_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "subscription_item" add constraint "subscription_item_subscription_id_foreign" foreign key ("subscription_id") references "subscription" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "subscription_item" add constraint "subscription_item_price_id_foreign" foreign key ("price_id") references "price" ("id");`,
    );
    this.addSql(
      `alter table "subscription_item" add constraint "subscription_item_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );

    this.addSql(
      `alter table "checkout_session" add constraint "checkout_session_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "checkout_session" add constraint "checkout_session_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id");`,
    );
    this.addSql(
      `alter table "checkout_session" add constraint "checkout_session_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "checkout_session" add constraint "checkout_session_price_id_foreign" foreign key ("price_id") references "price" ("id") on delete no action;`,
    );
    this.addSql(
      `alter table "checkout_session" add constraint "checkout_session_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "checkout_session" add constraint "checkout_session_mode_check" check ("mode" in ('SUBSCRIPTION', 'PAYMENT', 'SETUP'));`,
    );
    this.addSql(
      `alter table "checkout_session" add constraint "checkout_session_status_check" check ("status" in ('OPEN', 'COMPLETE', 'EXPIRED'));`,
    );

    this.addSql(
      `alter table "api_key" add constraint "api_key_team_id_foreign" foreign key ("team_id") references "team" ("id");`,
    );
    this.addSql(
      `alter table "api_key" add constraint "api_key_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
  }
}
