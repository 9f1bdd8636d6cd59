import { Migration } from '@mikro-orm/migrations';

export class Migration20261121121400_rate_limits extends Migration {
  override name = 'Migration20261121121400_rate_limits';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "api_key_usage" ("api_key_id" text not null, "day" date not null, "requests" bigint not null, "weight" bigint not null, "refused" bigint not null, primary key ("api_key_id", "day"));`,
    );

    this.addSql(`alter table "team" add "rate_limits" jsonb not null default '{}';`);

    this.addSql(
      `alter table "api_key" add "allowed_ips" text[] not null default '{}', add "rate_limits" jsonb not null default '{}', add "last_used_at" timestamptz null;`,
    );

    this.addSql(
      `alter table "api_key_usage" add constraint "api_key_usage_api_key_id_foreign" foreign key ("api_key_id") references "api_key" ("id");`,
    );
  }
}
