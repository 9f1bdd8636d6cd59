import { Migration } from '@mikro-orm/migrations';

export class Migration20261121185200_customer_changes_of_features extends Migration {
  override name = 'Migration20261121185200_customer_changes_of_features';

  override up(): void | Promise<void> {
    for (const table of ['feature_grant', 'usage_event'])
      this.addSql(`call watch_customer_state('${table}', 'x.customer_id');`);
    for (const table of ['feature', 'product_feature']) this.addSql(`call watch_customer_state('${table}', null);`);
    // A new one is nothing that a feature or an event has already.
    this.addSql(`call watch_customer_state('meter', null, '{update,delete}');`);
  }
}
