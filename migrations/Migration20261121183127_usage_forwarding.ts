import { Migration } from '@mikro-orm/migrations';

export class Migration20261121183127_usage_forwarding extends Migration {
  override name = 'Migration20261121183127_usage_forwarding';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "usage_forwarding" ("id" text not null, "project_id" text not null, "environment" text not null, "customer_id" text not null, "meter_id" text not null, "usage_event_id" text not null, "is_correction" boolean not null default false, "quantity" numeric(30,12) null, "occurred_at" timestamptz not null, "state" text not null default 'PENDING', "stripe_identifier" text null, "stripe_at" timestamptz null, "stripe_value" numeric(30,12) null, "asked_at" timestamptz null, "counted_at" timestamptz null, "failure_code" text null, "failure_message" text null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index usage_forwarding_waiting on usage_forwarding (customer_id, meter_id, id) where state in ('PENDING', 'ASKED');`,
    );
    this.addSql(`create index usage_forwarding_failed on usage_forwarding (meter_id, id) where state = 'FAILED';`);
    this.addSql(`create index "usage_forwarding_stripe_identifier_index" on "usage_forwarding" ("stripe_identifier");`);
    this.addSql(
      `create index "usage_forwarding_customer_id_meter_id_stripe_at_index" on "usage_forwarding" ("customer_id", "meter_id", "stripe_at");`,
    );
    this.addSql(
      `alter table "usage_forwarding" add constraint "usage_forwarding_usage_event_id_is_correction_unique" unique ("usage_event_id", "is_correction");`,
    );

    this.addSql(`alter table "meter" add "stripe_formula" text not null;`);
    this.addSql(
      `alter table "meter" add constraint "meter_stripe_formula_check" check ("stripe_formula" in ('sum', 'count', 'last'));`,
    );

    this.addSql(
      `alter table "usage_forwarding" add constraint "usage_forwarding_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "usage_forwarding" add constraint "usage_forwarding_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "usage_forwarding" add constraint "usage_forwarding_meter_id_foreign" foreign key ("meter_id") references "meter" ("id");`,
    );
    this.addSql(
      `alter table "usage_forwarding" add constraint "usage_forwarding_usage_event_id_foreign" foreign key ("usage_event_id") references "usage_event" ("id");`,
    );
    this.addSql(
      `alter table "usage_forwarding" add constraint "usage_forwarding_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "usage_forwarding" add constraint "usage_forwarding_state_check" check ("state" in ('PENDING', 'ASKED', 'COUNTED', 'FAILED', 'DROPPED'));`,
    );
    this.addSql(`alter table "usage_forwarding" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "usage_forwarding" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );
  }
}
