import { Migration } from '@mikro-orm/migrations';

export class Migration20261121122526_inbox_by_object extends Migration {
  override name = 'Migration20261121122526_inbox_by_object';

  override up(): void | Promise<void> {
    this.addSql(`alter table "reconciliation" add "sweep_place" jsonb null;`);

    this.addSql(
      `create index inbound_event_object on inbound_event (connection_id, split_part(lane_key, '/', 4), received_at, seq);`,
    );
  }
}
