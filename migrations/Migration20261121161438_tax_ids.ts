import { Migration } from '@mikro-orm/migrations';

export class Migration20261121161438_tax_ids extends Migration {
  override name = 'Migration20261121161438_tax_ids';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "tax_id" ("id" text not null, "project_id" text not null, "environment" text not null, "connection_id" text not null, "evidence" bigint not null default '0', "customer_id" text not null, "stripe_tax_id" text not null, "type" text not null, "value" text null, "country" text null, "status" text null, "verified_name" text null, "verified_address" text null, "deleted_at" timestamptz null, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "tax_id_customer_id_created_at_id_index" on "tax_id" ("customer_id", "created_at", "id");`,
    );
    this.addSql(
      `alter table "tax_id" add constraint "tax_id_connection_id_stripe_tax_id_unique" unique ("connection_id", "stripe_tax_id");`,
    );

    this.addSql(
      `alter table "tax_id" add constraint "tax_id_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "tax_id" add constraint "tax_id_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id");`,
    );
    this.addSql(
      `alter table "tax_id" add constraint "tax_id_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "tax_id" add constraint "tax_id_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "tax_id" add constraint "tax_id_status_check" check ("status" in ('PENDING', 'VERIFIED', 'UNVERIFIED', 'UNAVAILABLE'));`,
    );
    this.addSql(`alter table "tax_id" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "tax_id" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );
  }
}
