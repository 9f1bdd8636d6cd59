import { Migration } from '@mikro-orm/migrations';

export class Migration20261121133044_thin_events extends Migration {
  override name = 'Migration20261121133044_thin_events';

  override up(): void | Promise<void> {
    this.addSql(
      `alter table "stripe_connection" add "stripe_event_destination_id" text null, add "sealed_thin_secret" text null;`,
    );
  }
}
