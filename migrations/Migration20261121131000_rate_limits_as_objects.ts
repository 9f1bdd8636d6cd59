import { Migration } from '@mikro-orm/migrations';

/** Teams that were made without limits of their own had the text `{}` for them, instead of an empty object. */
export class Migration20261121131000_rate_limits_as_objects extends Migration {
  override name = 'Migration20261121131000_rate_limits_as_objects';

  override up(): void | Promise<void> {
    this.addSql(`select set_config('billgraph.reach', 'every tenant', true);`);
    for (const table of ['team', 'api_key'])
      this.addSql(`update "${table}" set "rate_limits" = '{}' where jsonb_typeof("rate_limits") <> 'object';`);
  }
}
