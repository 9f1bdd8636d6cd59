import { Migration } from '@mikro-orm/migrations';

export class Migration20261121120100_events_without_a_row extends Migration {
  override name = 'Migration20261121120100_events_without_a_row';

  override up(): void | Promise<void> {
    this.addSql(
      `create index inbound_event_rowless on inbound_event (lane_key, stripe_created) where outcome <> 'applied';`,
    );
  }
}
