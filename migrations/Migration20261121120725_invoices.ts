import { Migration } from '@mikro-orm/migrations';

export class Migration20261121120725_invoices extends Migration {
  override name = 'Migration20261121120725_invoices';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "invoice" ("id" text not null, "project_id" text not null, "environment" text not null, "connection_id" text not null, "evidence" bigint not null default '0', "customer_id" text not null, "subscription_id" text null, "stripe_invoice_id" text not null, "number" text null, "status" text not null, "stripe_status" text not null, "billing_reason" text null, "collection_method" text not null, "currency" text not null, "subtotal" bigint not null, "tax" bigint not null, "total" bigint not null, "amount_due" bigint not null, "amount_paid" bigint not null, "amount_remaining" bigint not null, "attempt_count" int not null, "next_payment_attempt" timestamptz null, "period_start" timestamptz not null, "period_end" timestamptz not null, "due_date" timestamptz null, "finalized_at" timestamptz null, "paid_at" timestamptz null, "voided_at" timestamptz null, "marked_uncollectible_at" timestamptz null, "hosted_invoice_url" text null, "invoice_pdf" text null, "description" text null, "metadata" jsonb not null default '{}', "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "invoice_project_id_environment_created_at_id_index" on "invoice" ("project_id", "environment", "created_at", "id");`,
    );
    this.addSql(
      `create index "invoice_customer_id_created_at_id_index" on "invoice" ("customer_id", "created_at", "id");`,
    );
    this.addSql(
      `create index "invoice_subscription_id_created_at_id_index" on "invoice" ("subscription_id", "created_at", "id");`,
    );
    this.addSql(
      `alter table "invoice" add constraint "invoice_connection_id_stripe_invoice_id_unique" unique ("connection_id", "stripe_invoice_id");`,
    );

    this.addSql(
      `create table "invoice_line" ("id" text not null, "project_id" text not null, "environment" text not null, "invoice_id" text not null, "price_id" text null, "stripe_line_id" text not null, "stripe_subscription_item_id" text null, "description" text null, "amount" bigint not null, "currency" text not null, "quantity" bigint null, "tax" bigint not null, "proration" boolean not null, "period_start" timestamptz not null, "period_end" timestamptz not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "invoice_line" add constraint "invoice_line_invoice_id_stripe_line_id_unique" unique ("invoice_id", "stripe_line_id");`,
    );

    this.addSql(
      `alter table "invoice" add constraint "invoice_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "invoice" add constraint "invoice_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id");`,
    );
    this.addSql(
      `alter table "invoice" add constraint "invoice_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "invoice" add constraint "invoice_subscription_id_foreign" foreign key ("subscription_id") references "subscription" ("id") on delete no action;`,
    );
    this.addSql(
      `alter table "invoice" add constraint "invoice_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "invoice" add constraint "invoice_status_check" check ("status" in ('DRAFT', 'OPEN', 'PAID', 'VOID', 'UNCOLLECTIBLE', 'UNKNOWN'));`,
    );

    this.addSql(
      `alter table "invoice_line" add constraint "invoice_line_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "invoice_line" add constraint "invoice_line_invoice_id_foreign" foreign key ("invoice_id") references "invoice" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "invoice_line" add constraint "invoice_line_price_id_foreign" foreign key ("price_id") references "price" ("id") on delete no action;`,
    );
    this.addSql(
      `alter table "invoice_line" add constraint "invoice_line_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
  }
}
