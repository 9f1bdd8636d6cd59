import { Migration } from '@mikro-orm/migrations';

export class Migration20261121213952_exchange_rates extends Migration {
  override name = 'Migration20261121213952_exchange_rates';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "exchange_rate" ("id" text not null, "project_id" text not null, "environment" text not null, "from_currency" text not null, "to_currency" text not null, "day" date not null, "rate" numeric(24,12) not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "exchange_rate_project_id_environment_created_at_id_index" on "exchange_rate" ("project_id", "environment", "created_at", "id");`,
    );
    this.addSql(
      `alter table "exchange_rate" add constraint "exchange_rate_project_id_environment_from_currenc_fdf4c_unique" unique ("project_id", "environment", "from_currency", "to_currency", "day");`,
    );

    this.addSql(
      `alter table "exchange_rate" add constraint "exchange_rate_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "exchange_rate" add constraint "exchange_rate_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(`alter table "exchange_rate" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "exchange_rate" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );
  }
}
