import { Migration } from '@mikro-orm/migrations';

export class Migration20261121133600_partial_uniques_of_customers extends Migration {
  override name = 'Migration20261121133600_partial_uniques_of_customers';

  override up(): void | Promise<void> {
    this.addSql(`alter table "customer" drop constraint "customer_connection_id_stripe_customer_id_unique";`);
    this.addSql(`alter table "customer" drop constraint "customer_project_id_environment_email_unique";`);
    this.addSql(`alter table "customer" drop constraint "customer_project_id_environment_external_id_unique";`);
    this.addSql(
      `create unique index customer_email on customer (project_id, environment, email) where email is not null;`,
    );
    this.addSql(
      `create unique index customer_external_id on customer (project_id, environment, external_id) where external_id is not null;`,
    );
    this.addSql(
      `create unique index customer_stripe_id on customer (connection_id, stripe_customer_id) where stripe_customer_id is not null;`,
    );
  }
}
