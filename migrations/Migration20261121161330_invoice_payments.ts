import { Migration } from '@mikro-orm/migrations';

export class Migration20261121161330_invoice_payments extends Migration {
  override name = 'Migration20261121161330_invoice_payments';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "invoice_payment" ("id" text not null, "project_id" text not null, "environment" text not null, "connection_id" text not null, "evidence" bigint not null default '0', "customer_id" text not null, "invoice_id" text not null, "payment_id" text null, "stripe_invoice_payment_id" text not null, "stripe_status" text not null, "currency" text not null, "amount_paid" bigint null, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`create index "invoice_payment_invoice_id_index" on "invoice_payment" ("invoice_id");`);
    this.addSql(`create index "invoice_payment_payment_id_index" on "invoice_payment" ("payment_id");`);
    this.addSql(
      `alter table "invoice_payment" add constraint "invoice_payment_connection_id_stripe_invoice_payment_id_unique" unique ("connection_id", "stripe_invoice_payment_id");`,
    );

    this.addSql(`alter table "payment" add "invoice_id" text null;`);
    this.addSql(
      `alter table "payment" add constraint "payment_invoice_id_foreign" foreign key ("invoice_id") references "invoice" ("id") on delete set null;`,
    );
    this.addSql(
      `create index "payment_invoice_id_created_at_id_index" on "payment" ("invoice_id", "created_at", "id");`,
    );

    this.addSql(
      `alter table "invoice_payment" add constraint "invoice_payment_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "invoice_payment" add constraint "invoice_payment_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id");`,
    );
    this.addSql(
      `alter table "invoice_payment" add constraint "invoice_payment_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "invoice_payment" add constraint "invoice_payment_invoice_id_foreign" foreign key ("invoice_id") references "invoice" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "invoice_payment" add constraint "invoice_payment_payment_id_foreign" foreign key ("payment_id") references "payment" ("id") on delete no action;`,
    );
    this.addSql(
      `alter table "invoice_payment" add constraint "invoice_payment_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(`alter table "invoice_payment" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "invoice_payment" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );
  }
}
