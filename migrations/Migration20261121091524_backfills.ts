import { Migration } from '@mikro-orm/migrations';

export class Migration20261121091524_backfills extends Migration {
  override name = 'Migration20261121091524_backfills';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "backfill" ("id" text not null, "connection_id" text not null, "objects" text[] not null, "created_after" timestamptz null, "assign" jsonb not null, "state" text not null default 'RUNNING', "sections" jsonb null, "section" int not null default 0, "cursor" jsonb null, "tallies" jsonb not null default '{}', "error" text null, "created_at" timestamptz not null, "finished_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(`create unique index backfill_running on backfill (connection_id) where state = 'RUNNING';`);

    this.addSql(
      `create table "backfill_failure" ("id" text not null, "backfill_id" text not null, "object" text not null, "stripe_id" text not null, "reason" text not null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "backfill_failure" add constraint "backfill_failure_backfill_id_stripe_id_unique" unique ("backfill_id", "stripe_id");`,
    );

    this.addSql(
      `alter table "backfill" add constraint "backfill_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id");`,
    );
    this.addSql(
      `alter table "backfill" add constraint "backfill_state_check" check ("state" in ('RUNNING', 'COMPLETED', 'FAILED'));`,
    );

    this.addSql(
      `alter table "backfill_failure" add constraint "backfill_failure_backfill_id_foreign" foreign key ("backfill_id") references "backfill" ("id");`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "backfill_failure" drop constraint "backfill_failure_backfill_id_foreign";`);

    this.addSql(`drop table if exists "backfill" cascade;`);
    this.addSql(`drop table if exists "backfill_failure" cascade;`);
  }
}
