import { Migration } from '@mikro-orm/migrations';

export class Migration20261121223316_failures_of_a_backfill_in_order extends Migration {
  override name = 'Migration20261121223316_failures_of_a_backfill_in_order';

  override up(): void | Promise<void> {
    this.addSql(`create index "backfill_failure_backfill_id_id_index" on "backfill_failure" ("backfill_id", "id");`);
  }
}
