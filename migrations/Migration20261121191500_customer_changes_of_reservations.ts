import { Migration } from '@mikro-orm/migrations';

export class Migration20261121191500_customer_changes_of_reservations extends Migration {
  override name = 'Migration20261121191500_customer_changes_of_reservations';

  override up(): void | Promise<void> {
    this.addSql(`call watch_customer_state('usage_reservation', 'x.customer_id');`);
  }
}
