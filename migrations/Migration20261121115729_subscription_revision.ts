import { Migration } from '@mikro-orm/migrations';

export class Migration20261121115729_subscription_revision extends Migration {
  override name = 'Migration20261121115729_subscription_revision';

  override up(): void | Promise<void> {
    this.addSql(
      `alter table "subscription" add "pause_behavior" text null, add "pause_resumes_at" timestamptz null, add "revision" int not null default 1;`,
    );
  }
}
