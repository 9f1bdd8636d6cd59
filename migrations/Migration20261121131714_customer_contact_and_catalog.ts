import { Migration } from '@mikro-orm/migrations';

export class Migration20261121131714_customer_contact_and_catalog extends Migration {
  override name = 'Migration20261121131714_customer_contact_and_catalog';

  override up(): void | Promise<void> {
    this.addSql(`drop policy "own_work" on "product";`);

    this.addSql(`drop policy "own_work" on "price";`);

    this.addSql(`alter table "product" add "unit_label" text null, add "url" text null;`);
    this.addSql(
      `create policy "tenant" on "product" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(
      `alter table "price" add "usage_type" text null, add "stripe_meter_id" text null, add "tiers_mode" text null, add "tiers" jsonb null, add "currency_options" jsonb not null default '[]';`,
    );
    this.addSql(
      `alter table "price" add constraint "price_usage_type_check" check ("usage_type" in ('LICENSED', 'METERED'));`,
    );
    this.addSql(
      `alter table "price" add constraint "price_tiers_mode_check" check ("tiers_mode" in ('GRADUATED', 'VOLUME'));`,
    );
    this.addSql(
      `create policy "tenant" on "price" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "customer" add "phone" text null, add "description" text null, add "address" jsonb null;`);
    this.addSql(`create index customer_email_prefix on customer (project_id, environment, email text_pattern_ops);`);
  }
}
