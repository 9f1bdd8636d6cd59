import { Migration } from '@mikro-orm/migrations';

export class Migration20261121151713_guests_and_taxes_of_checkout extends Migration {
  override name = 'Migration20261121151713_guests_and_taxes_of_checkout';

  override up(): void | Promise<void> {
    this.addSql(`alter table "project_settings" add "automatic_tax" boolean not null default false;`);

    this.addSql(`alter table "checkout_session" add "fingerprint" text null;`);
    this.addSql(`alter table "checkout_session" alter column "customer_id" drop not null;`);
    this.addSql(
      `create index "checkout_session_project_id_environment_fingerprint_index" on "checkout_session" ("project_id", "environment", "fingerprint");`,
    );
  }
}
