import { Migration } from '@mikro-orm/migrations';

export class Migration20261121124235_row_level_security extends Migration {
  override name = 'Migration20261121124235_row_level_security';

  override up(): void | Promise<void> {
    this.addSql(`alter table "audit_entry" enable row level security;`);
    this.addSql(
      `create policy "added" on "audit_entry" for insert with check (team_id = (select current_setting('billgraph.team_id', true)) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );
    this.addSql(
      `create policy "tenant" on "audit_entry" for select using ((team_id = (select current_setting('billgraph.team_id', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "operator" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "operator" using ((exists (select from team_member m where m.operator_id = operator.id)) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "operator_account" enable row level security;`);
    this.addSql(
      `create policy "own_work" on "operator_account" using ((select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "operator_rate_limit" enable row level security;`);
    this.addSql(
      `create policy "own_work" on "operator_rate_limit" using ((select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "operator_verification" enable row level security;`);
    this.addSql(
      `create policy "own_work" on "operator_verification" using ((select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "signing_key" enable row level security;`);
    this.addSql(
      `create policy "own_work" on "signing_key" using ((select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "operation" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "operation" using (((team_id, coalesce(project_id, ''), environment) = (select current_setting('billgraph.team_id', true), current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true)) = '*' or split_part(scope, '/', 5) = (select current_setting('billgraph.customer_id', true)))) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "team" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "team" using ((id = (select current_setting('billgraph.team_id', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "stripe_connection" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "stripe_connection" using ((team_id = (select current_setting('billgraph.team_id', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "stripe_budget" enable row level security;`);
    this.addSql(
      `create policy "own_work" on "stripe_budget" using ((select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "reconciliation" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "reconciliation" using ((connection_id = any (array(select id from stripe_connection where team_id = (select current_setting('billgraph.team_id', true)) and environment = (select current_setting('billgraph.environment', true)))) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "meter_error_report" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "meter_error_report" using ((connection_id = any (array(select id from stripe_connection where team_id = (select current_setting('billgraph.team_id', true)) and environment = (select current_setting('billgraph.environment', true)))) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "inbound_event" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "inbound_event" using ((connection_id = any (array(select id from stripe_connection where team_id = (select current_setting('billgraph.team_id', true)) and environment = (select current_setting('billgraph.environment', true)))) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "drift_finding" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "drift_finding" using ((connection_id = any (array(select id from stripe_connection where team_id = (select current_setting('billgraph.team_id', true)) and environment = (select current_setting('billgraph.environment', true)))) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "backfill" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "backfill" using ((connection_id = any (array(select id from stripe_connection where team_id = (select current_setting('billgraph.team_id', true)) and environment = (select current_setting('billgraph.environment', true)))) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "backfill_failure" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "backfill_failure" using ((exists (select from backfill o where o.id = backfill_id)) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "project" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "project" using ((team_id = (select current_setting('billgraph.team_id', true)) and (select current_setting('billgraph.customer_id', true)) = '*' or id = (select current_setting('billgraph.project_id', true))) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "project_settings" enable row level security;`);
    this.addSql(
      `create policy "everyone" on "project_settings" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)));`,
    );
    this.addSql(
      `create policy "tenant" on "project_settings" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "product" enable row level security;`);
    this.addSql(
      `create policy "everyone" on "product" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)));`,
    );
    this.addSql(
      `create policy "own_work" on "product" using ((select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "price" enable row level security;`);
    this.addSql(
      `create policy "everyone" on "price" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)));`,
    );
    this.addSql(
      `create policy "own_work" on "price" using ((select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "plan" enable row level security;`);
    this.addSql(
      `create policy "everyone" on "plan" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)));`,
    );
    this.addSql(
      `create policy "tenant" on "plan" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "customer" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "customer" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "subscription" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "subscription" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "subscription_item" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "subscription_item" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true)) = '*' or exists (select from subscription o where o.id = subscription_id and o.customer_id = (select current_setting('billgraph.customer_id', true))))) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "setup_intent" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "setup_intent" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "payment_method" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "payment_method" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "payment" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "payment" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "invoice" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "invoice" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "invoice_line" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "invoice_line" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and ((select current_setting('billgraph.customer_id', true)) = '*' or exists (select from invoice o where o.id = invoice_id and o.customer_id = (select current_setting('billgraph.customer_id', true))))) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "entitlement_summary" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "entitlement_summary" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "checkout_session" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "checkout_session" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "charge" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "charge" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "dispute" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "dispute" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "billing_event" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "billing_event" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "active_entitlement" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "active_entitlement" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "operator_session" enable row level security;`);
    this.addSql(
      `create policy "own_work" on "operator_session" using ((select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "api_key" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "api_key" using ((team_id = (select current_setting('billgraph.team_id', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "api_key_usage" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "api_key_usage" using ((exists (select from api_key o where o.id = api_key_id)) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "team_invitation" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "team_invitation" using ((team_id = (select current_setting('billgraph.team_id', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(`alter table "team_member" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "team_member" using ((team_id = (select current_setting('billgraph.team_id', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );
  }
}
