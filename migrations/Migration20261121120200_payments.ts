import { Migration } from '@mikro-orm/migrations';

export class Migration20261121120200_payments extends Migration {
  override name = 'Migration20261121120200_payments';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "meter_error_report" ("id" text not null, "connection_id" text not null, "evidence" bigint not null default '0', "stripe_event_id" text not null, "stripe_meter_id" text null, "summary" text not null, "window_start" timestamptz not null, "window_end" timestamptz not null, "error_count" bigint not null, "reasons" jsonb not null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "meter_error_report_connection_id_created_at_id_index" on "meter_error_report" ("connection_id", "created_at", "id");`,
    );
    this.addSql(
      `alter table "meter_error_report" add constraint "meter_error_report_connection_id_stripe_event_id_unique" unique ("connection_id", "stripe_event_id");`,
    );

    this.addSql(
      `create table "setup_intent" ("id" text not null, "project_id" text not null, "environment" text not null, "connection_id" text not null, "evidence" bigint not null default '0', "customer_id" text null, "stripe_setup_intent_id" text not null, "stripe_status" text not null, "stripe_payment_method_id" text null, "usage" text not null, "metadata" jsonb not null default '{}', "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "setup_intent_customer_id_created_at_id_index" on "setup_intent" ("customer_id", "created_at", "id");`,
    );
    this.addSql(
      `alter table "setup_intent" add constraint "setup_intent_connection_id_stripe_setup_intent_id_unique" unique ("connection_id", "stripe_setup_intent_id");`,
    );

    this.addSql(
      `create table "payment_method" ("id" text not null, "project_id" text not null, "environment" text not null, "connection_id" text not null, "evidence" bigint not null default '0', "customer_id" text null, "stripe_payment_method_id" text not null, "type" text not null, "brand" text null, "last4" text null, "expiry_month" int null, "expiry_year" int null, "fingerprint" text null, "detached_at" timestamptz null, "metadata" jsonb not null default '{}', "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "payment_method_customer_id_created_at_id_index" on "payment_method" ("customer_id", "created_at", "id");`,
    );
    this.addSql(
      `alter table "payment_method" add constraint "payment_method_connection_id_stripe_payment_method_id_unique" unique ("connection_id", "stripe_payment_method_id");`,
    );

    this.addSql(
      `create table "payment" ("id" text not null, "project_id" text not null, "environment" text not null, "connection_id" text not null, "evidence" bigint not null default '0', "customer_id" text null, "stripe_payment_intent_id" text not null, "status" text not null, "stripe_status" text not null, "currency" text not null, "amount" bigint not null, "amount_received" bigint not null, "description" text null, "receipt_email" text null, "stripe_invoice_id" text null, "stripe_latest_charge_id" text null, "stripe_payment_method_id" text null, "last_error_code" text null, "last_error_decline_code" text null, "last_error_message" text null, "last_error_attempt" text null, "canceled_at" timestamptz null, "cancellation_reason" text null, "metadata" jsonb not null default '{}', "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "payment_project_id_environment_created_at_id_index" on "payment" ("project_id", "environment", "created_at", "id");`,
    );
    this.addSql(
      `create index "payment_customer_id_created_at_id_index" on "payment" ("customer_id", "created_at", "id");`,
    );
    this.addSql(
      `alter table "payment" add constraint "payment_connection_id_stripe_payment_intent_id_unique" unique ("connection_id", "stripe_payment_intent_id");`,
    );

    this.addSql(
      `create table "entitlement_summary" ("id" text not null, "project_id" text not null, "environment" text not null, "connection_id" text not null, "evidence" bigint not null default '0', "customer_id" text not null, "stripe_customer_id" text not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`create index "entitlement_summary_customer_id_index" on "entitlement_summary" ("customer_id");`);
    this.addSql(
      `alter table "entitlement_summary" add constraint "entitlement_summary_connection_id_stripe_customer_id_unique" unique ("connection_id", "stripe_customer_id");`,
    );

    this.addSql(
      `create table "charge" ("id" text not null, "project_id" text not null, "environment" text not null, "connection_id" text not null, "evidence" bigint not null default '0', "customer_id" text null, "payment_id" text null, "stripe_charge_id" text not null, "status" text not null, "stripe_status" text not null, "currency" text not null, "amount" bigint not null, "amount_captured" bigint not null, "amount_refunded" bigint not null, "captured" boolean not null, "paid" boolean not null, "refunded" boolean not null, "disputed" boolean not null, "failure_code" text null, "failure_message" text null, "receipt_url" text null, "stripe_payment_method_id" text null, "payment_method_type" text null, "payment_method_brand" text null, "payment_method_last4" text null, "description" text null, "metadata" jsonb not null default '{}', "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "charge_project_id_environment_created_at_id_index" on "charge" ("project_id", "environment", "created_at", "id");`,
    );
    this.addSql(`create index "charge_payment_id_index" on "charge" ("payment_id");`);
    this.addSql(
      `alter table "charge" add constraint "charge_connection_id_stripe_charge_id_unique" unique ("connection_id", "stripe_charge_id");`,
    );

    this.addSql(
      `create table "dispute" ("id" text not null, "project_id" text not null, "environment" text not null, "connection_id" text not null, "evidence" bigint not null default '0', "customer_id" text null, "charge_id" text not null, "stripe_dispute_id" text not null, "status" text not null, "stripe_status" text not null, "currency" text not null, "amount" bigint not null, "reason" text not null, "evidence_due_by" timestamptz null, "has_evidence" boolean not null, "metadata" jsonb not null default '{}', "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "dispute_project_id_environment_created_at_id_index" on "dispute" ("project_id", "environment", "created_at", "id");`,
    );
    this.addSql(`create index "dispute_charge_id_index" on "dispute" ("charge_id");`);
    this.addSql(
      `alter table "dispute" add constraint "dispute_connection_id_stripe_dispute_id_unique" unique ("connection_id", "stripe_dispute_id");`,
    );

    this.addSql(
      `create table "active_entitlement" ("id" text not null, "project_id" text not null, "environment" text not null, "summary_id" text not null, "customer_id" text not null, "stripe_entitlement_id" text not null, "stripe_feature_id" text not null, "lookup_key" text not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "active_entitlement_customer_id_lookup_key_index" on "active_entitlement" ("customer_id", "lookup_key");`,
    );
    this.addSql(
      `alter table "active_entitlement" add constraint "active_entitlement_summary_id_stripe_feature_id_unique" unique ("summary_id", "stripe_feature_id");`,
    );

    this.addSql(`alter table "customer" add "stripe_default_payment_method_id" text null;`);

    this.addSql(
      `alter table "checkout_session" add "payment_status" text null, add "stripe_subscription_id" text null, add "stripe_payment_intent_id" text null, add "stripe_setup_intent_id" text null;`,
    );
    this.addSql(
      `alter table "checkout_session" add constraint "checkout_session_payment_status_check" check ("payment_status" in ('PAID', 'UNPAID', 'NOT_REQUIRED'));`,
    );

    this.addSql(
      `alter table "meter_error_report" add constraint "meter_error_report_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id");`,
    );

    this.addSql(
      `alter table "setup_intent" add constraint "setup_intent_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "setup_intent" add constraint "setup_intent_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id");`,
    );
    this.addSql(
      `alter table "setup_intent" add constraint "setup_intent_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "setup_intent" add constraint "setup_intent_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );

    this.addSql(
      `alter table "payment_method" add constraint "payment_method_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "payment_method" add constraint "payment_method_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id");`,
    );
    this.addSql(
      `alter table "payment_method" add constraint "payment_method_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "payment_method" add constraint "payment_method_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );

    this.addSql(
      `alter table "payment" add constraint "payment_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "payment" add constraint "payment_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id");`,
    );
    this.addSql(
      `alter table "payment" add constraint "payment_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "payment" add constraint "payment_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "payment" add constraint "payment_status_check" check ("status" in ('REQUIRES_PAYMENT_METHOD', 'REQUIRES_CONFIRMATION', 'REQUIRES_ACTION', 'PROCESSING', 'REQUIRES_CAPTURE', 'CANCELED', 'SUCCEEDED', 'UNKNOWN'));`,
    );

    this.addSql(
      `alter table "entitlement_summary" add constraint "entitlement_summary_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "entitlement_summary" add constraint "entitlement_summary_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id");`,
    );
    this.addSql(
      `alter table "entitlement_summary" add constraint "entitlement_summary_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "entitlement_summary" add constraint "entitlement_summary_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );

    this.addSql(
      `alter table "charge" add constraint "charge_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "charge" add constraint "charge_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id");`,
    );
    this.addSql(
      `alter table "charge" add constraint "charge_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "charge" add constraint "charge_payment_id_foreign" foreign key ("payment_id") references "payment" ("id") on delete no action;`,
    );
    this.addSql(
      `alter table "charge" add constraint "charge_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "charge" add constraint "charge_status_check" check ("status" in ('PENDING', 'SUCCEEDED', 'FAILED', 'UNKNOWN'));`,
    );

    this.addSql(
      `alter table "dispute" add constraint "dispute_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "dispute" add constraint "dispute_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id");`,
    );
    this.addSql(
      `alter table "dispute" add constraint "dispute_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "dispute" add constraint "dispute_charge_id_foreign" foreign key ("charge_id") references "charge" ("id") on delete no action;`,
    );
    this.addSql(
      `alter table "dispute" add constraint "dispute_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "dispute" add constraint "dispute_status_check" check ("status" in ('NEEDS_RESPONSE', 'UNDER_REVIEW', 'WARNING_NEEDS_RESPONSE', 'WARNING_UNDER_REVIEW', 'WARNING_CLOSED', 'PREVENTED', 'LOST', 'WON', 'APPEAL_NEEDS_RESPONSE', 'APPEAL_UNDER_REVIEW', 'UNKNOWN'));`,
    );

    this.addSql(
      `alter table "active_entitlement" add constraint "active_entitlement_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "active_entitlement" add constraint "active_entitlement_summary_id_foreign" foreign key ("summary_id") references "entitlement_summary" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "active_entitlement" add constraint "active_entitlement_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "active_entitlement" add constraint "active_entitlement_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
  }
}
