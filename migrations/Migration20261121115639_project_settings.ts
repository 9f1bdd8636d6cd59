import { Migration } from '@mikro-orm/migrations';

export class Migration20261121115639_project_settings extends Migration {
  override name = 'Migration20261121115639_project_settings';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "project_settings" ("project_id" text not null, "environment" text not null, "default_currency" text null, "redirect_origins" text[] not null default '{}', "self_service_price_ids" text[] not null default '{}', "token_issuer" text null, "token_audience" text null, "token_jwks_url" text null, "token_algorithms" text[] not null default '{}', "token_customer_claim" text not null default 'sub', "token_scopes" text[] not null default '{}', "updated_at" timestamptz not null, primary key ("project_id", "environment"));`,
    );
    this.addSql(
      `alter table "project_settings" add constraint "project_settings_token_issuer_token_audience_unique" unique ("token_issuer", "token_audience");`,
    );

    this.addSql(
      `create table "plan" ("id" text not null, "project_id" text not null, "environment" text not null, "name" text not null, "price_id" text not null, "is_default" boolean not null default false, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`create unique index plan_default on plan (project_id, environment) where is_default;`);
    this.addSql(
      `alter table "plan" add constraint "plan_project_id_environment_name_unique" unique ("project_id", "environment", "name");`,
    );

    this.addSql(`alter table "project" add "archived_at" timestamptz null;`);

    this.addSql(
      `alter table "project_settings" add constraint "project_settings_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "project_settings" add constraint "project_settings_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );

    this.addSql(
      `alter table "plan" add constraint "plan_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "plan" add constraint "plan_price_id_foreign" foreign key ("price_id") references "price" ("id");`,
    );
    this.addSql(
      `alter table "plan" add constraint "plan_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
  }
}
