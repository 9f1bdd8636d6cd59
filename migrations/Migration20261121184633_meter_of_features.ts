import { Migration } from '@mikro-orm/migrations';

export class Migration20261121184633_meter_of_features extends Migration {
  override name = 'Migration20261121184633_meter_of_features';

  override up(): void | Promise<void> {
    this.addSql(`alter table "feature" add "meter_id" text null;`);
    this.addSql(
      `alter table "feature" add constraint "feature_meter_id_foreign" foreign key ("meter_id") references "meter" ("id");`,
    );
  }
}
