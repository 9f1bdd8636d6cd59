import { Migration } from '@mikro-orm/migrations';

export class Migration20261121213636_recurring_revenue extends Migration {
  override name = 'Migration20261121213636_recurring_revenue';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "revenue_movement" ("id" text not null, "project_id" text not null, "environment" text not null, "customer_id" text not null, "subscription_id" text not null, "ordinal" int not null, "currency" text not null, "type" text null, "numerator" numeric not null, "denominator" numeric not null, "trial_numerator" numeric not null, "trial_denominator" numeric not null, "status_before" text null, "status_after" text not null, "occurred_at" timestamptz not null, "recorded_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "revenue_movement_project_id_environment_occurred_at_index" on "revenue_movement" ("project_id", "environment", "occurred_at");`,
    );
    this.addSql(
      `alter table "revenue_movement" add constraint "revenue_movement_subscription_id_ordinal_unique" unique ("subscription_id", "ordinal");`,
    );

    this.addSql(
      `create table "subscription_revenue" ("subscription_id" text not null, "project_id" text not null, "environment" text not null, "customer_id" text not null, "currency" text not null, "status" text not null, "mrr_numerator" numeric not null, "mrr_denominator" numeric not null, "trial_numerator" numeric not null, "trial_denominator" numeric not null, "had_revenue" boolean not null, "movements" int not null, "changed_at" timestamptz not null, "steps" jsonb not null default '[]', "changes_at" timestamptz null, primary key ("subscription_id"));`,
    );
    this.addSql(
      `create index subscription_revenue_sums on subscription_revenue (project_id, environment, currency) include (status, customer_id, mrr_numerator, mrr_denominator, trial_numerator, trial_denominator);`,
    );

    this.addSql(`alter table "customer" add "discount" jsonb null;`);

    this.addSql(`alter table "subscription" add "currency" text null, add "discounts" jsonb not null default '[]';`);

    this.addSql(`alter table "subscription_item" add "discounts" jsonb not null default '[]';`);

    this.addSql(
      `alter table "revenue_movement" add constraint "revenue_movement_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "revenue_movement" add constraint "revenue_movement_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "revenue_movement" add constraint "revenue_movement_type_check" check ("type" in ('NEW', 'EXPANSION', 'CONTRACTION', 'CHURN', 'REACTIVATION'));`,
    );
    this.addSql(
      `alter table "revenue_movement" add constraint "revenue_movement_status_before_check" check ("status_before" in ('INCOMPLETE', 'INCOMPLETE_EXPIRED', 'TRIALING', 'ACTIVE', 'PAST_DUE', 'CANCELED', 'UNPAID', 'PAUSED', 'UNKNOWN'));`,
    );
    this.addSql(
      `alter table "revenue_movement" add constraint "revenue_movement_status_after_check" check ("status_after" in ('INCOMPLETE', 'INCOMPLETE_EXPIRED', 'TRIALING', 'ACTIVE', 'PAST_DUE', 'CANCELED', 'UNPAID', 'PAUSED', 'UNKNOWN'));`,
    );
    this.addSql(`alter table "revenue_movement" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "revenue_movement" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(
      `alter table "subscription_revenue" add constraint "subscription_revenue_subscription_id_foreign" foreign key ("subscription_id") references "subscription" ("id") on update cascade on delete cascade;`,
    );
    this.addSql(
      `alter table "subscription_revenue" add constraint "subscription_revenue_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "subscription_revenue" add constraint "subscription_revenue_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "subscription_revenue" add constraint "subscription_revenue_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "subscription_revenue" add constraint "subscription_revenue_status_check" check ("status" in ('INCOMPLETE', 'INCOMPLETE_EXPIRED', 'TRIALING', 'ACTIVE', 'PAST_DUE', 'CANCELED', 'UNPAID', 'PAUSED', 'UNKNOWN'));`,
    );
    this.addSql(`alter table "subscription_revenue" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "subscription_revenue" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );
    // What a subscription bills in: that of its price, until Stripe says otherwise, which the nightly comparison finds. Before the columns are watched:
    // nobody's state has changed by it.
    this.addSql(`update subscription set currency = price.currency from price where price.id = subscription.price_id;`);
    this.addSql(`call watch_customer_state('customer', 'x.id');`);
    this.addSql(`call watch_customer_state('subscription', 'x.customer_id');`);
    this.addSql(
      `call watch_customer_state('subscription_item', '(select s.customer_id from subscription s where s.id = x.subscription_id)');`,
    );
  }
}
