import { Migration } from '@mikro-orm/migrations';

export class Migration20261121182653_meters_and_usage extends Migration {
  override name = 'Migration20261121182653_meters_and_usage';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "meter" ("id" text not null, "project_id" text not null, "environment" text not null, "connection_id" text not null, "evidence" bigint not null default '0', "event_name" text not null, "display_name" text not null, "unit" text null, "aggregation" text not null, "stripe_meter_id" text null, "stripe_event_name" text not null, "customer_payload_key" text not null default 'stripe_customer_id', "value_payload_key" text not null default 'value', "archived_at" timestamptz null, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "meter_project_id_environment_created_at_id_index" on "meter" ("project_id", "environment", "created_at", "id");`,
    );
    this.addSql(
      `alter table "meter" add constraint "meter_project_id_environment_event_name_unique" unique ("project_id", "environment", "event_name");`,
    );
    this.addSql(
      `alter table "meter" add constraint "meter_connection_id_stripe_meter_id_unique" unique ("connection_id", "stripe_meter_id");`,
    );

    this.addSql(
      `create table "usage_event" ("id" text not null, "project_id" text not null, "environment" text not null, "customer_id" text not null, "meter_id" text not null, "identifier" text not null, "value" numeric(30,12) null, "unique_value" text null, "occurred_at" timestamptz not null, "voided_at" timestamptz null, "void_reason" text null, "replaced_by_id" text null, "actor_kind" text not null, "actor_id" text not null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "usage_event_project_id_environment_created_at_id_index" on "usage_event" ("project_id", "environment", "created_at", "id");`,
    );
    this.addSql(
      `create index "usage_event_customer_id_created_at_id_index" on "usage_event" ("customer_id", "created_at", "id");`,
    );
    this.addSql(
      `create index "usage_event_meter_id_customer_id_occurred_at_id_index" on "usage_event" ("meter_id", "customer_id", "occurred_at", "id");`,
    );
    this.addSql(
      `alter table "usage_event" add constraint "usage_event_project_id_environment_identifier_unique" unique ("project_id", "environment", "identifier");`,
    );

    this.addSql(
      `create table "usage_hour" ("customer_id" text not null, "meter_id" text not null, "hour" timestamptz not null, "project_id" text not null, "environment" text not null, "count" bigint not null, "sum" numeric not null, "max" numeric(30,12) null, "last_value" numeric(30,12) null, "last_at" timestamptz null, "last_event_id" text null, primary key ("customer_id", "meter_id", "hour"));`,
    );

    this.addSql(
      `create table "usage_hour_value" ("customer_id" text not null, "meter_id" text not null, "hour" timestamptz not null, "value" text not null, "project_id" text not null, "environment" text not null, "count" bigint not null, primary key ("customer_id", "meter_id", "hour", "value"));`,
    );

    this.addSql(
      `alter table "meter" add constraint "meter_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "meter" add constraint "meter_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id");`,
    );
    this.addSql(
      `alter table "meter" add constraint "meter_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "meter" add constraint "meter_aggregation_check" check ("aggregation" in ('SUM', 'COUNT', 'MAX', 'LAST', 'UNIQUE_COUNT'));`,
    );
    this.addSql(`alter table "meter" enable row level security;`);
    this.addSql(
      `create policy "everyone" on "meter" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)));`,
    );
    this.addSql(
      `create policy "tenant" on "meter" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(
      `alter table "usage_event" add constraint "usage_event_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "usage_event" add constraint "usage_event_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "usage_event" add constraint "usage_event_meter_id_foreign" foreign key ("meter_id") references "meter" ("id");`,
    );
    this.addSql(
      `alter table "usage_event" add constraint "usage_event_replaced_by_id_foreign" foreign key ("replaced_by_id") references "usage_event" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "usage_event" add constraint "usage_event_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(`alter table "usage_event" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "usage_event" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(
      `alter table "usage_hour" add constraint "usage_hour_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "usage_hour" add constraint "usage_hour_meter_id_foreign" foreign key ("meter_id") references "meter" ("id");`,
    );
    this.addSql(
      `alter table "usage_hour" add constraint "usage_hour_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "usage_hour" add constraint "usage_hour_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(`alter table "usage_hour" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "usage_hour" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(
      `alter table "usage_hour_value" add constraint "usage_hour_value_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "usage_hour_value" add constraint "usage_hour_value_meter_id_foreign" foreign key ("meter_id") references "meter" ("id");`,
    );
    this.addSql(
      `alter table "usage_hour_value" add constraint "usage_hour_value_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "usage_hour_value" add constraint "usage_hour_value_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(`alter table "usage_hour_value" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "usage_hour_value" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );
  }
}
