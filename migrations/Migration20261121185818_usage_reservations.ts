import { Migration } from '@mikro-orm/migrations';

export class Migration20261121185818_usage_reservations extends Migration {
  override name = 'Migration20261121185818_usage_reservations';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "usage_reservation" ("id" text not null, "project_id" text not null, "environment" text not null, "customer_id" text not null, "feature_id" text not null, "meter_id" text not null, "amount" numeric(30,12) not null, "status" text not null, "expires_at" timestamptz not null, "ended_at" timestamptz null, "usage_event_id" text null, "actor_kind" text not null, "actor_id" text not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index usage_reservation_held on usage_reservation (customer_id, meter_id) where status = 'HELD';`,
    );

    this.addSql(
      `create table "usage_threshold" ("customer_id" text not null, "feature_id" text not null, "period_start" timestamptz not null, "threshold" smallint not null, "project_id" text not null, "environment" text not null, "created_at" timestamptz not null, primary key ("customer_id", "feature_id", "period_start", "threshold"));`,
    );

    this.addSql(
      `alter table "usage_reservation" add constraint "usage_reservation_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "usage_reservation" add constraint "usage_reservation_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "usage_reservation" add constraint "usage_reservation_feature_id_foreign" foreign key ("feature_id") references "feature" ("id");`,
    );
    this.addSql(
      `alter table "usage_reservation" add constraint "usage_reservation_meter_id_foreign" foreign key ("meter_id") references "meter" ("id");`,
    );
    this.addSql(
      `alter table "usage_reservation" add constraint "usage_reservation_usage_event_id_foreign" foreign key ("usage_event_id") references "usage_event" ("id") on delete no action;`,
    );
    this.addSql(
      `alter table "usage_reservation" add constraint "usage_reservation_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "usage_reservation" add constraint "usage_reservation_status_check" check ("status" in ('HELD', 'COMMITTED', 'RELEASED'));`,
    );
    this.addSql(`alter table "usage_reservation" enable row level security;`);
    this.addSql(
      `create policy "seen" on "usage_reservation" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id]));`,
    );
    this.addSql(
      `create policy "tenant" on "usage_reservation" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(
      `alter table "usage_threshold" add constraint "usage_threshold_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "usage_threshold" add constraint "usage_threshold_feature_id_foreign" foreign key ("feature_id") references "feature" ("id");`,
    );
    this.addSql(
      `alter table "usage_threshold" add constraint "usage_threshold_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "usage_threshold" add constraint "usage_threshold_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(`alter table "usage_threshold" enable row level security;`);
    this.addSql(
      `create policy "own_work" on "usage_threshold" using ((select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`call watch_customer_state('usage_reservation', 'x.customer_id');`);
  }
}
