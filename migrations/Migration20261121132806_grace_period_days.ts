import { Migration } from '@mikro-orm/migrations';

export class Migration20261121132806_grace_period_days extends Migration {
  override name = 'Migration20261121132806_grace_period_days';

  override up(): void | Promise<void> {
    this.addSql(`alter table "project_settings" add "grace_period_days" int null;`);
  }
}
