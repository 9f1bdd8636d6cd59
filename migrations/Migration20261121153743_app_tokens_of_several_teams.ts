import { Migration } from '@mikro-orm/migrations';

export class Migration20261121153743_app_tokens_of_several_teams extends Migration {
  override name = 'Migration20261121153743_app_tokens_of_several_teams';

  override up(): void | Promise<void> {
    this.addSql(
      `alter table "project_settings" drop constraint "project_settings_token_issuer_token_audience_unique";`,
    );
    this.addSql(`alter table "project_settings" add "token_team_id" text null, add "token_since" timestamptz null;`);
    this.addSql(
      `update "project_settings" set "token_team_id" = (select "team_id" from "project" where "id" = "project_id"), "token_since" = "updated_at" where "token_issuer" is not null;`,
    );
    this.addSql(`create index "project_settings_token_issuer_index" on "project_settings" ("token_issuer");`);
    this.addSql(
      `alter table "project_settings" add constraint "project_settings_token_team_id_token_issuer_token_e5f55_unique" unique ("token_team_id", "token_issuer", "token_audience");`,
    );
  }
}
