import { Migration } from '@mikro-orm/migrations';

export class Migration20261121182447_features extends Migration {
  override name = 'Migration20261121182447_features';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "feature" ("id" text not null, "project_id" text not null, "environment" text not null, "key" text not null, "name" text not null, "description" text null, "type" text not null, "options" text[] not null default '{}', "archived_at" timestamptz null, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "feature_project_id_environment_created_at_id_index" on "feature" ("project_id", "environment", "created_at", "id");`,
    );
    this.addSql(
      `alter table "feature" add constraint "feature_project_id_environment_key_unique" unique ("project_id", "environment", "key");`,
    );

    this.addSql(
      `create table "product_feature" ("id" text not null, "project_id" text not null, "environment" text not null, "product_id" text not null, "feature_id" text not null, "limit_value" numeric(30,12) null, "per_unit" boolean not null default false, "option" text null, "started_at" timestamptz not null, "ended_at" timestamptz null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create unique index product_feature_now on product_feature (product_id, feature_id) where ended_at is null;`,
    );
    this.addSql(
      `create index "product_feature_product_id_created_at_id_index" on "product_feature" ("product_id", "created_at", "id");`,
    );
    this.addSql(`create index "product_feature_feature_id_index" on "product_feature" ("feature_id");`);

    this.addSql(
      `create table "feature_grant" ("id" text not null, "project_id" text not null, "environment" text not null, "customer_id" text not null, "feature_id" text not null, "kind" text not null, "allowed" boolean not null default true, "limit_value" numeric(30,12) null, "option" text null, "reason" text not null, "actor_kind" text not null, "actor_id" text not null, "starts_at" timestamptz not null, "expires_at" timestamptz null, "revoked_at" timestamptz null, "revoker_kind" text null, "revoker_id" text null, "revoke_reason" text null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "feature_grant_customer_id_created_at_id_index" on "feature_grant" ("customer_id", "created_at", "id");`,
    );
    this.addSql(`create index "feature_grant_feature_id_index" on "feature_grant" ("feature_id");`);

    this.addSql(
      `create table "ended_entitlement" ("id" text not null, "project_id" text not null, "environment" text not null, "customer_id" text not null, "stripe_entitlement_id" text not null, "stripe_feature_id" text not null, "lookup_key" text not null, "started_at" timestamptz not null, "ended_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "ended_entitlement_customer_id_lookup_key_index" on "ended_entitlement" ("customer_id", "lookup_key");`,
    );

    this.addSql(
      `alter table "feature" add constraint "feature_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "feature" add constraint "feature_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "feature" add constraint "feature_type_check" check ("type" in ('BOOLEAN', 'LIMIT', 'ENUMERATED'));`,
    );
    this.addSql(`alter table "feature" enable row level security;`);
    this.addSql(
      `create policy "everyone" on "feature" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)));`,
    );
    this.addSql(
      `create policy "tenant" on "feature" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(
      `alter table "product_feature" add constraint "product_feature_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "product_feature" add constraint "product_feature_product_id_foreign" foreign key ("product_id") references "product" ("id");`,
    );
    this.addSql(
      `alter table "product_feature" add constraint "product_feature_feature_id_foreign" foreign key ("feature_id") references "feature" ("id");`,
    );
    this.addSql(
      `alter table "product_feature" add constraint "product_feature_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(`alter table "product_feature" enable row level security;`);
    this.addSql(
      `create policy "everyone" on "product_feature" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)));`,
    );
    this.addSql(
      `create policy "tenant" on "product_feature" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(
      `alter table "feature_grant" add constraint "feature_grant_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "feature_grant" add constraint "feature_grant_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "feature_grant" add constraint "feature_grant_feature_id_foreign" foreign key ("feature_id") references "feature" ("id");`,
    );
    this.addSql(
      `alter table "feature_grant" add constraint "feature_grant_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "feature_grant" add constraint "feature_grant_kind_check" check ("kind" in ('GRANT', 'OVERRIDE'));`,
    );
    this.addSql(`alter table "feature_grant" enable row level security;`);
    this.addSql(
      `create policy "seen" on "feature_grant" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id]));`,
    );
    this.addSql(
      `create policy "tenant" on "feature_grant" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(
      `alter table "ended_entitlement" add constraint "ended_entitlement_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "ended_entitlement" add constraint "ended_entitlement_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "ended_entitlement" add constraint "ended_entitlement_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(`alter table "ended_entitlement" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "ended_entitlement" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );
  }
}
