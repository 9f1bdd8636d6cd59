import { Migration } from '@mikro-orm/migrations';

export class Migration20261121150610_keys_of_operators extends Migration {
  override name = 'Migration20261121150610_keys_of_operators';

  override up(): void | Promise<void> {
    this.addSql(`drop policy "tenant" on "operation";`);

    this.addSql(
      `create policy "tenant" on "operation" using (((team_id, environment) = (select current_setting('billgraph.team_id', true), current_setting('billgraph.environment', true)) and coalesce(project_id, (select current_setting('billgraph.project_id', true))) = (select current_setting('billgraph.project_id', true)) and ((select current_setting('billgraph.customer_id', true)) = '*' or split_part(scope, '/', 5) = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );
  }
}
