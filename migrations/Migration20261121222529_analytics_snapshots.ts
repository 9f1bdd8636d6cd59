import { Migration } from '@mikro-orm/migrations';

export class Migration20261121222529_analytics_snapshots extends Migration {
  override name = 'Migration20261121222529_analytics_snapshots';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "analytics_snapshot" ("project_id" text not null, "environment" text not null, "day" date not null, "currency" text not null, "mrr" text not null, "trial_mrr" text not null, "new" text not null, "expansion" text not null, "contraction" text not null, "churn" text not null, "reactivation" text not null, "paying_customers" int not null, "paying_subscriptions" int not null, "computed_at" timestamptz not null, primary key ("project_id", "environment", "day", "currency"));`,
    );

    this.addSql(
      `create index subscription_revenue_payers on subscription_revenue (project_id, environment, customer_id, currency) where mrr_numerator > 0;`,
    );

    this.addSql(
      `alter table "analytics_snapshot" add constraint "analytics_snapshot_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "analytics_snapshot" add constraint "analytics_snapshot_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(`alter table "analytics_snapshot" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "analytics_snapshot" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );
  }
}
