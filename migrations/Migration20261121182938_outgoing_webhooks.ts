import { Migration } from '@mikro-orm/migrations';

export class Migration20261121182938_outgoing_webhooks extends Migration {
  override name = 'Migration20261121182938_outgoing_webhooks';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "outgoing_endpoint" ("id" text not null, "project_id" text not null, "environment" text not null, "url" text not null, "description" text null, "event_types" text[] not null, "sealed_secret" text null, "sealed_previous_secret" text null, "previous_secret_ends_at" timestamptz null, "disabled_at" timestamptz null, "disabled_reason" text null, "failing_since" timestamptz null, "rests_until" timestamptz null, "deleted_at" timestamptz null, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "outgoing_endpoint_project_id_environment_id_index" on "outgoing_endpoint" ("project_id", "environment", "id");`,
    );

    this.addSql(
      `create table "outgoing_message" ("id" text not null, "project_id" text not null, "environment" text not null, "customer_id" text null, "type" text not null, "data" json not null, "occurred_at" timestamptz not null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "outgoing_message_project_id_environment_id_index" on "outgoing_message" ("project_id", "environment", "id");`,
    );
    this.addSql(`create index "outgoing_message_created_at_index" on "outgoing_message" ("created_at");`);

    this.addSql(
      `create table "outgoing_delivery" ("id" text not null, "project_id" text not null, "environment" text not null, "message_id" text not null, "endpoint_id" text not null, "type" text not null, "status" text not null default 'PENDING', "attempts" int not null default 0, "next_attempt_at" timestamptz null, "last_attempt_at" timestamptz null, "last_status" int null, "last_body" text null, "last_error" text null, "delivered_at" timestamptz null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "outgoing_delivery_project_id_environment_id_index" on "outgoing_delivery" ("project_id", "environment", "id");`,
    );
    this.addSql(
      `create index outgoing_delivery_due on outgoing_delivery (endpoint_id, next_attempt_at) where status = 'PENDING';`,
    );
    this.addSql(
      `alter table "outgoing_delivery" add constraint "outgoing_delivery_message_id_endpoint_id_unique" unique ("message_id", "endpoint_id");`,
    );

    this.addSql(
      `alter table "outgoing_endpoint" add constraint "outgoing_endpoint_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "outgoing_endpoint" add constraint "outgoing_endpoint_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "outgoing_endpoint" add constraint "outgoing_endpoint_disabled_reason_check" check ("disabled_reason" in ('BY_REQUEST', 'GONE', 'FAILING'));`,
    );
    this.addSql(`alter table "outgoing_endpoint" enable row level security;`);
    this.addSql(
      `create policy "everyone" on "outgoing_endpoint" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)));`,
    );
    this.addSql(
      `create policy "tenant" on "outgoing_endpoint" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(
      `alter table "outgoing_message" add constraint "outgoing_message_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "outgoing_message" add constraint "outgoing_message_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "outgoing_message" add constraint "outgoing_message_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(`alter table "outgoing_message" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "outgoing_message" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(
      `alter table "outgoing_delivery" add constraint "outgoing_delivery_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "outgoing_delivery" add constraint "outgoing_delivery_message_id_foreign" foreign key ("message_id") references "outgoing_message" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "outgoing_delivery" add constraint "outgoing_delivery_endpoint_id_foreign" foreign key ("endpoint_id") references "outgoing_endpoint" ("id");`,
    );
    this.addSql(
      `alter table "outgoing_delivery" add constraint "outgoing_delivery_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "outgoing_delivery" add constraint "outgoing_delivery_status_check" check ("status" in ('PENDING', 'DELIVERED', 'FAILED'));`,
    );
    this.addSql(`alter table "outgoing_delivery" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "outgoing_delivery" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true))) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );
  }
}
