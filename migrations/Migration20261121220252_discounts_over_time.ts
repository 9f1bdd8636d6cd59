import { Migration } from '@mikro-orm/migrations';

export class Migration20261121220252_discounts_over_time extends Migration {
  override name = 'Migration20261121220252_discounts_over_time';

  override up(): void | Promise<void> {
    this.addSql(`alter table "price" add "transform_quantity" jsonb null;`);

    this.addSql(`alter table "customer" add "discount_changed_at" timestamptz null;`);

    this.addSql(`alter table "subscription_revenue" add "on_test_clock" boolean not null default false;`);
    // A customer's token changes his own subscriptions, and with them what they are worth.
    this.addSql(`drop policy "tenant" on "revenue_movement";`);

    this.addSql(`drop policy "tenant" on "subscription_revenue";`);

    this.addSql(
      `create policy "tenant" on "revenue_movement" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(
      `create policy "tenant" on "subscription_revenue" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );
    this.addSql(`call watch_customer_state('customer', 'x.id');`);
    this.addSql(`call watch_customer_state('price', null, '{update,delete}');`);
    // Subscriptions that are there already get their revenue.
    this.addSql(
      `insert into lane (key, run_at) select 'revenue/first', now() where exists (select from subscription) on conflict do nothing;`,
    );
  }
}
