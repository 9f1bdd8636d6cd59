import { Migration } from '@mikro-orm/migrations';

export class Migration20261121114245_billing_events extends Migration {
  override name = 'Migration20261121114245_billing_events';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "billing_event" ("id" text not null, "project_id" text not null, "environment" text not null, "customer_id" text null, "type" text not null, "subject_id" text not null, "business_key" text not null, "before" jsonb null, "after" jsonb not null, "occurred_at" timestamptz not null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "billing_event" add constraint "billing_event_business_key_unique" unique ("business_key");`,
    );
    this.addSql(
      `create index "billing_event_project_id_environment_id_index" on "billing_event" ("project_id", "environment", "id");`,
    );
    this.addSql(`create index "billing_event_subject_id_id_index" on "billing_event" ("subject_id", "id");`);

    this.addSql(
      `alter table "billing_event" add constraint "billing_event_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "billing_event" add constraint "billing_event_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "billing_event" add constraint "billing_event_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "billing_event" add constraint "billing_event_type_check" check ("type" in ('subscription.created', 'subscription.updated', 'subscription.ended', 'invoice.finalized', 'invoice.paid', 'invoice.payment_failed', 'invoice.voided', 'invoice.marked_uncollectible', 'payment.succeeded', 'payment.failed', 'payment.refunded', 'dispute.created', 'dispute.closed'));`,
    );
  }
}
