import { Migration } from '@mikro-orm/migrations';

export class Migration20261121151139_portal extends Migration {
  override name = 'Migration20261121151139_portal';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "portal_configuration" ("project_id" text not null, "environment" text not null, "stripe_configuration_id" text not null, "fingerprint" text not null, "updated_at" timestamptz not null, primary key ("project_id", "environment"));`,
    );

    this.addSql(
      `create table "portal_session" ("id" text not null, "project_id" text not null, "environment" text not null, "customer_id" text not null, "return_url" text not null, "flow" text null, "subscription_id" text null, "token_hash" text not null, "secret_hash" text not null, "opened_at" timestamptz null, "expires_at" timestamptz not null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "portal_session" add constraint "portal_session_token_hash_unique" unique ("token_hash");`,
    );
    this.addSql(`create index "portal_session_expires_at_index" on "portal_session" ("expires_at");`);

    this.addSql(`alter table "project_settings" add "brand_color" text null;`);

    this.addSql(
      `alter table "portal_configuration" add constraint "portal_configuration_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "portal_configuration" add constraint "portal_configuration_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(`alter table "portal_configuration" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "portal_configuration" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true))) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(
      `alter table "portal_session" add constraint "portal_session_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "portal_session" add constraint "portal_session_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "portal_session" add constraint "portal_session_subscription_id_foreign" foreign key ("subscription_id") references "subscription" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "portal_session" add constraint "portal_session_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "portal_session" add constraint "portal_session_flow_check" check ("flow" in ('CANCEL', 'UPDATE_PAYMENT_METHOD', 'CHANGE_PLAN'));`,
    );
    this.addSql(`alter table "portal_session" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "portal_session" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );
  }
}
