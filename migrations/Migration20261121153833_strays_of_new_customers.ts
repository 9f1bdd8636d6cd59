import { Migration } from '@mikro-orm/migrations';

export class Migration20261121153833_strays_of_new_customers extends Migration {
  override name = 'Migration20261121153833_strays_of_new_customers';

  override up(): void | Promise<void> {
    this.addSql(
      `create index inbound_event_stray on inbound_event (connection_id, (payload #>> '{data,object,customer}')) where outcome = 'unrouted';`,
    );
  }
}
