import { Migration } from '@mikro-orm/migrations';

export class Migration20261121092944_rolling_webhook_secrets extends Migration {
  override name = 'Migration20261121092944_rolling_webhook_secrets';

  override up(): void | Promise<void> {
    this.addSql(
      `alter table "stripe_connection" add "retiring_webhook_endpoint_id" text null, add "webhook_secret_retires_at" timestamptz null;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(
      `alter table "stripe_connection" drop column "retiring_webhook_endpoint_id", drop column "webhook_secret_retires_at";`,
    );
  }
}
