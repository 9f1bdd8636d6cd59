import { Migration } from '@mikro-orm/migrations';

export class Migration20261121222241_reservations_that_hold extends Migration {
  override name = 'Migration20261121222241_reservations_that_hold';

  override up(): void | Promise<void> {
    this.addSql(`drop index "usage_reservation_held";`);
    this.addSql(
      `create index usage_reservation_holding on usage_reservation (customer_id, expires_at) where status = 'HELD';`,
    );
  }
}
