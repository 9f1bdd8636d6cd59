import { Migration } from '@mikro-orm/migrations';

export class Migration20261121092753_reconciliation extends Migration {
  override name = 'Migration20261121092753_reconciliation';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "reconciliation" ("connection_id" text not null, "events_until" bigint null, "events_checked_at" timestamptz null, "swept_at" timestamptz null, "endpoint_api_version" text null, "missing_event_types" text[] null, primary key ("connection_id"));`,
    );

    this.addSql(
      `create table "drift_finding" ("id" text not null, "connection_id" text not null, "object_type" text not null, "object_id" text not null, "field" text null, "local" text null, "stripe" text null, "reason" text not null, "created_at" timestamptz not null, "healed_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(`create index "drift_finding_connection_id_id_index" on "drift_finding" ("connection_id", "id");`);
    this.addSql(
      `create unique index drift_finding_open on drift_finding (connection_id, object_id, coalesce(field, '')) where healed_at is null;`,
    );

    this.addSql(`alter table "inbound_event" add "recovered" boolean not null default false;`);
    this.addSql(
      `create index inbound_event_left on inbound_event (connection_id, outcome) where outcome in ('dead', 'unrouted');`,
    );
    this.addSql(
      `create index "inbound_event_connection_id_received_at_seq_index" on "inbound_event" ("connection_id", "received_at", "seq");`,
    );

    this.addSql(
      `alter table "reconciliation" add constraint "reconciliation_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id") on update cascade on delete cascade;`,
    );

    this.addSql(
      `alter table "drift_finding" add constraint "drift_finding_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id");`,
    );
    this.addSql(
      `alter table "drift_finding" add constraint "drift_finding_reason_check" check ("reason" in ('WEBHOOK_MISSING', 'WEBHOOK_FAILED', 'EDITED_IN_STRIPE', 'DIFFERENT_LIVE_SUBSCRIPTION', 'WRONG_MODE'));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "reconciliation" cascade;`);
    this.addSql(`drop table if exists "drift_finding" cascade;`);

    this.addSql(`drop index "inbound_event_left";`);
    this.addSql(`drop index "inbound_event_connection_id_received_at_seq_index";`);
    this.addSql(`alter table "inbound_event" drop column "recovered";`);
  }
}
