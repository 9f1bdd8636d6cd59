import { Migration } from '@mikro-orm/migrations';

export class Migration20261122010841_emails_of_stripe extends Migration {
  override name = 'Migration20261122010841_emails_of_stripe';

  override up(): void | Promise<void> {
    this.addSql(`alter table "customer" add "email_in_stripe" text null;`);
  }
}
