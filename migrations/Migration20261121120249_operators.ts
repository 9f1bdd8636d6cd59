import { Migration } from '@mikro-orm/migrations';

export class Migration20261121120249_operators extends Migration {
  override name = 'Migration20261121120249_operators';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "operator" ("id" text not null, "name" text not null, "email" text not null, "email_verified" boolean not null default false, "image" text null, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`alter table "operator" add constraint "operator_email_unique" unique ("email");`);

    this.addSql(
      `create table "operator_account" ("id" text not null, "operator_id" text not null, "account_id" text not null, "provider_id" text not null, "password" text null, "access_token" text null, "refresh_token" text null, "id_token" text null, "access_token_expires_at" timestamptz null, "refresh_token_expires_at" timestamptz null, "scope" text null, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`create index "operator_account_operator_id_index" on "operator_account" ("operator_id");`);
    this.addSql(
      `alter table "operator_account" add constraint "operator_account_provider_id_account_id_unique" unique ("provider_id", "account_id");`,
    );

    this.addSql(
      `create table "operator_rate_limit" ("id" text not null, "key" text not null, "count" int not null, "last_request" bigint not null, primary key ("id"));`,
    );
    this.addSql(`alter table "operator_rate_limit" add constraint "operator_rate_limit_key_unique" unique ("key");`);

    this.addSql(
      `create table "operator_verification" ("id" text not null, "identifier" text not null, "value" text not null, "expires_at" timestamptz not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`create index "operator_verification_identifier_index" on "operator_verification" ("identifier");`);

    this.addSql(
      `create table "operator_session" ("id" text not null, "operator_id" text not null, "token" text not null, "expires_at" timestamptz not null, "ip_address" text null, "user_agent" text null, "active_team_id" text null, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`create index "operator_session_operator_id_index" on "operator_session" ("operator_id");`);
    this.addSql(`alter table "operator_session" add constraint "operator_session_token_unique" unique ("token");`);

    this.addSql(
      `create table "team_invitation" ("id" text not null, "team_id" text not null, "email" text not null, "role" text not null, "status" text not null default 'pending', "token_hash" text null, "inviter_id" text not null, "expires_at" timestamptz not null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`create index "team_invitation_team_id_index" on "team_invitation" ("team_id");`);
    this.addSql(
      `alter table "team_invitation" add constraint "team_invitation_token_hash_unique" unique ("token_hash");`,
    );

    this.addSql(
      `create table "team_member" ("id" text not null, "team_id" text not null, "operator_id" text not null, "role" text not null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`create index "team_member_team_id_index" on "team_member" ("team_id");`);
    this.addSql(
      `alter table "team_member" add constraint "team_member_operator_id_team_id_unique" unique ("operator_id", "team_id");`,
    );

    this.addSql(`alter table "team" add "slug" text null, add "logo" text null, add "metadata" text null;`);
    this.addSql(`alter table "team" add constraint "team_slug_unique" unique ("slug");`);

    this.addSql(
      `alter table "operator_account" add constraint "operator_account_operator_id_foreign" foreign key ("operator_id") references "operator" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "operator_session" add constraint "operator_session_operator_id_foreign" foreign key ("operator_id") references "operator" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "operator_session" add constraint "operator_session_active_team_id_foreign" foreign key ("active_team_id") references "team" ("id") on delete set null;`,
    );

    this.addSql(
      `alter table "team_invitation" add constraint "team_invitation_team_id_foreign" foreign key ("team_id") references "team" ("id");`,
    );
    this.addSql(
      `alter table "team_invitation" add constraint "team_invitation_inviter_id_foreign" foreign key ("inviter_id") references "operator" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "team_invitation" add constraint "team_invitation_role_check" check ("role" in ('OWNER', 'ADMIN', 'MEMBER', 'VIEWER'));`,
    );
    this.addSql(
      `alter table "team_invitation" add constraint "team_invitation_status_check" check ("status" in ('pending', 'accepted', 'canceled'));`,
    );

    this.addSql(
      `alter table "team_member" add constraint "team_member_team_id_foreign" foreign key ("team_id") references "team" ("id");`,
    );
    this.addSql(
      `alter table "team_member" add constraint "team_member_operator_id_foreign" foreign key ("operator_id") references "operator" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "team_member" add constraint "team_member_role_check" check ("role" in ('OWNER', 'ADMIN', 'MEMBER', 'VIEWER'));`,
    );
  }
}
