import { Migration } from '@mikro-orm/migrations';

export class Migration20261122020900_watched_emails extends Migration {
  override name = 'Migration20261122020900_watched_emails';

  override up(): void | Promise<void> {
    // For customer.email_in_stripe, which came without it.
    this.addSql(`call watch_customer_state('customer', 'x.id');`);
  }
}
