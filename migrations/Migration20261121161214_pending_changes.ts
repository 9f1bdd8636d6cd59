import { Migration } from '@mikro-orm/migrations';

export class Migration20261121161214_pending_changes extends Migration {
  override name = 'Migration20261121161214_pending_changes';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "pending_change" ("id" text not null, "project_id" text not null, "environment" text not null, "subscription_id" text not null, "stripe_schedule_id" text not null, "applies_at" timestamptz not null, "applied_at" timestamptz null, "price_id" text not null, "quantity" int null, "items" jsonb not null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "pending_change" add constraint "pending_change_subscription_id_unique" unique ("subscription_id");`,
    );

    this.addSql(`alter table "subscription" add "stripe_schedule_id" text null;`);

    this.addSql(
      `alter table "pending_change" add constraint "pending_change_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "pending_change" add constraint "pending_change_subscription_id_foreign" foreign key ("subscription_id") references "subscription" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "pending_change" add constraint "pending_change_price_id_foreign" foreign key ("price_id") references "price" ("id");`,
    );
    this.addSql(
      `alter table "pending_change" add constraint "pending_change_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(`alter table "pending_change" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "pending_change" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true)) = '*' or exists (select from subscription o where o.id = subscription_id and o.customer_id = (select current_setting('billgraph.customer_id', true))))) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );
  }
}
