import { Migration } from '@mikro-orm/migrations';

export class Migration20261121121544_stripe_budget extends Migration {
  override name = 'Migration20261121121544_stripe_budget';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "stripe_budget" ("connection_id" text not null, "free_at" timestamptz not null, primary key ("connection_id"));`,
    );

    this.addSql(
      `alter table "stripe_budget" add constraint "stripe_budget_connection_id_foreign" foreign key ("connection_id") references "stripe_connection" ("id") on update cascade on delete cascade;`,
    );
  }
}
