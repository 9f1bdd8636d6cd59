import { Migration } from '@mikro-orm/migrations';

export class Migration20261121120843_operations_and_audit extends Migration {
  override name = 'Migration20261121120843_operations_and_audit';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "audit_entry" ("id" text not null, "team_id" text not null, "project_id" text null, "environment" text null, "actor_kind" text not null, "actor_id" text not null, "actor_role" text null, "ip" text null, "user_agent" text null, "request_id" text null, "mutation" text not null, "subject_type" text null, "subject_id" text null, "before" jsonb null, "after" jsonb null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`create index "audit_entry_team_id_id_index" on "audit_entry" ("team_id", "id");`);
    this.addSql(`create index "audit_entry_subject_id_id_index" on "audit_entry" ("subject_id", "id");`);

    this.addSql(
      `create table "operation" ("id" text not null, "team_id" text not null, "project_id" text null, "environment" text not null, "scope" text not null, "idempotency_key" text null, "mutation" text not null, "phase" text not null, "subject_id" text null, "sealed_call" text not null, "sealed_steps" text null, "sealed_answer" text null, "owner" int null, "token" bigint not null, "touched_at" timestamptz not null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`create index "operation_touched_at_index" on "operation" ("touched_at");`);
    this.addSql(`create index operation_subject on operation (subject_id) where phase = 'ASKED';`);
    this.addSql(
      `alter table "operation" add constraint "operation_scope_idempotency_key_unique" unique ("scope", "idempotency_key");`,
    );

    this.addSql(
      `alter table "audit_entry" add constraint "audit_entry_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );

    this.addSql(
      `alter table "operation" add constraint "operation_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "operation" add constraint "operation_phase_check" check ("phase" in ('STARTED', 'ASKED', 'WRITTEN', 'DONE'));`,
    );
  }
}
