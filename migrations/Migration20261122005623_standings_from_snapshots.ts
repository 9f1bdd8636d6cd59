import { Migration } from '@mikro-orm/migrations';

export class Migration20261122005623_standings_from_snapshots extends Migration {
  override name = 'Migration20261122005623_standings_from_snapshots';

  override up(): void | Promise<void> {
    this.addSql(`drop policy "tenant" on "customer_change";`);

    this.addSql(`drop policy "tenant" on "revenue_movement";`);

    this.addSql(`drop policy "tenant" on "customer";`);

    this.addSql(`drop policy "tenant" on "tax_id";`);

    this.addSql(`drop policy "tenant" on "subscription";`);

    this.addSql(`drop policy "tenant" on "subscription_revenue";`);

    this.addSql(`drop policy "tenant" on "setup_intent";`);

    this.addSql(`drop policy "tenant" on "referral_code";`);

    this.addSql(`drop policy "seen" on "referral";`);

    this.addSql(`drop policy "tenant" on "portal_session";`);

    this.addSql(`drop policy "tenant" on "payment_method";`);

    this.addSql(`drop policy "tenant" on "outgoing_message";`);

    this.addSql(`drop policy "seen" on "ledger_entry";`);

    this.addSql(`drop policy "tenant" on "invoice";`);

    this.addSql(`drop policy "seen" on "referral_reward";`);

    this.addSql(`drop policy "seen" on "referral_payout";`);

    this.addSql(`drop policy "tenant" on "payment";`);

    this.addSql(`drop policy "tenant" on "invoice_payment";`);

    this.addSql(`drop policy "seen" on "feature_grant";`);

    this.addSql(`drop policy "tenant" on "entitlement_summary";`);

    this.addSql(`drop policy "tenant" on "ended_entitlement";`);

    this.addSql(`drop policy "tenant" on "checkout_session";`);

    this.addSql(`drop policy "tenant" on "charge";`);

    this.addSql(`drop policy "tenant" on "dispute";`);

    this.addSql(`drop policy "tenant" on "billing_event";`);

    this.addSql(`drop policy "tenant" on "active_entitlement";`);

    this.addSql(`drop policy "tenant" on "usage_event";`);

    this.addSql(`drop policy "tenant" on "usage_forwarding";`);

    this.addSql(`drop policy "tenant" on "usage_hour";`);

    this.addSql(`drop policy "tenant" on "usage_hour_value";`);

    this.addSql(`drop policy "seen" on "usage_reservation";`);

    this.addSql(
      `create policy "tenant" on "customer_change" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create index "revenue_movement_project_id_environment_recorded_at_index" on "revenue_movement" ("project_id", "environment", "recorded_at");`,
    );
    this.addSql(
      `create index "revenue_movement_customer_id_occurred_at_index" on "revenue_movement" ("customer_id", "occurred_at");`,
    );
    this.addSql(
      `create index revenue_movement_canceled on revenue_movement (project_id, environment, occurred_at) where status_after = 'CANCELED';`,
    );
    this.addSql(
      `create policy "tenant" on "revenue_movement" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(`drop index "customer_project_id_environment_created_at_id_index";`);
    this.addSql(
      `create index customer_created on customer (project_id, environment, created_at, id) where stripe_customer_id is not null;`,
    );
    this.addSql(
      `create index customer_deleted on customer (project_id, environment, deleted_at) include (id) where deleted_at is not null and stripe_customer_id is not null;`,
    );
    this.addSql(
      `create policy "tenant" on "customer" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create policy "tenant" on "tax_id" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create policy "tenant" on "subscription" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(`drop index "subscription_revenue_payers";`);
    this.addSql(`drop index "subscription_revenue_sums";`);
    this.addSql(
      `create policy "tenant" on "subscription_revenue" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create policy "tenant" on "setup_intent" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create policy "tenant" on "referral_code" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create policy "seen" on "referral" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or referrer_id = (select current_setting('billgraph.customer_id', true)) or referee_id = (select current_setting('billgraph.customer_id', true))));`,
    );

    this.addSql(
      `create policy "tenant" on "portal_session" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create policy "tenant" on "payment_method" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create policy "tenant" on "outgoing_message" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create policy "seen" on "ledger_entry" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true))));`,
    );

    this.addSql(
      `create policy "tenant" on "invoice" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create policy "seen" on "referral_reward" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true))));`,
    );

    this.addSql(
      `create policy "seen" on "referral_payout" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true))));`,
    );

    this.addSql(
      `create policy "tenant" on "payment" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create policy "tenant" on "invoice_payment" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create policy "seen" on "feature_grant" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true))));`,
    );

    this.addSql(
      `create policy "tenant" on "entitlement_summary" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create policy "tenant" on "ended_entitlement" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create policy "tenant" on "checkout_session" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create policy "tenant" on "charge" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create policy "tenant" on "dispute" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create policy "tenant" on "billing_event" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    // All of them follow from movements, and are made again within the hour.
    this.addSql(`delete from analytics_snapshot;`);
    this.addSql(
      `alter table "analytics_snapshot" add "paying_or_trying_customers" int not null, add "all_paying_customers" int not null, add "all_paying_or_trying_customers" int not null, add "statuses" jsonb not null;`,
    );

    this.addSql(
      `create policy "tenant" on "active_entitlement" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create policy "tenant" on "usage_event" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create policy "tenant" on "usage_forwarding" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create policy "tenant" on "usage_hour" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create policy "tenant" on "usage_hour_value" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true) = 'every tenant'));`,
    );

    this.addSql(
      `create policy "seen" on "usage_reservation" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true) = '*') or customer_id = (select current_setting('billgraph.customer_id', true))));`,
    );
  }
}
