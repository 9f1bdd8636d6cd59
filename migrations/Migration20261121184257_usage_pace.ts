import { Migration } from '@mikro-orm/migrations';

export class Migration20261121184257_usage_pace extends Migration {
  override name = 'Migration20261121184257_usage_pace';

  override up(): void | Promise<void> {
    this.addSql(`alter table "stripe_budget" add "usage_free_at" timestamptz not null default now();`);
    this.addSql(`alter table "stripe_budget" alter column "free_at" set default now();`);
  }
}
