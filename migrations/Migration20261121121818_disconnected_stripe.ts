import { Migration } from '@mikro-orm/migrations';

export class Migration20261121121818_disconnected_stripe extends Migration {
  override name = 'Migration20261121121818_disconnected_stripe';

  override up(): void | Promise<void> {
    this.addSql(`alter table "stripe_connection" alter column "sealed_secret_key" drop not null;`);
  }
}
