import { Migration } from '@mikro-orm/migrations';

export class Migration20261121155107_replaced_prices extends Migration {
  override name = 'Migration20261121155107_replaced_prices';

  override up(): void | Promise<void> {
    this.addSql(`alter table "price" add "replaced_by_id" text null;`);
    this.addSql(
      `alter table "price" add constraint "price_replaced_by_id_foreign" foreign key ("replaced_by_id") references "price" ("id") on delete set null;`,
    );
  }
}
