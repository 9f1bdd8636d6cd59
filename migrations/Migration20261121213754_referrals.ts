import { Migration } from '@mikro-orm/migrations';

export class Migration20261121213754_referrals extends Migration {
  override name = 'Migration20261121213754_referrals';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "referral_config" ("project_id" text not null, "environment" text not null, "enabled" boolean not null default false, "rejects_open" boolean not null default false, "currency" text null, "referrer_credit" bigint null, "referee_credit" bigint null, "referee_credit_at" text not null default 'CONVERSION', "hold_days" int not null default 30, "cap_referrals" int null, "cap_period" text not null default 'EVER', "minimum_paid" bigint not null default '1', "rewarded_invoices" int not null default 1, "updated_at" timestamptz not null, primary key ("project_id", "environment"));`,
    );

    this.addSql(
      `create table "referral_code" ("id" text not null, "project_id" text not null, "environment" text not null, "customer_id" text not null, "code" text not null, "custom" boolean not null, "deactivated_at" timestamptz null, "rejects_open" boolean not null default false, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create unique index referral_code_of_customer on referral_code (customer_id) where not custom and deactivated_at is null;`,
    );
    this.addSql(
      `create index "referral_code_project_id_environment_created_at_id_index" on "referral_code" ("project_id", "environment", "created_at", "id");`,
    );
    this.addSql(`create index "referral_code_customer_id_index" on "referral_code" ("customer_id");`);
    this.addSql(
      `alter table "referral_code" add constraint "referral_code_project_id_environment_code_unique" unique ("project_id", "environment", "code");`,
    );

    this.addSql(
      `create table "referral" ("id" text not null, "project_id" text not null, "environment" text not null, "code_id" text not null, "referrer_id" text not null, "referee_id" text not null, "status" text not null, "reason" text null, "currency" text null, "referrer_credit" bigint null, "referee_credit" bigint null, "referee_credit_at" text not null default 'CONVERSION', "hold_days" int not null default 30, "cap_referrals" int null, "cap_period" text not null default 'EVER', "minimum_paid" bigint not null default '1', "rewarded_invoices" int not null default 1, "applied_at" timestamptz not null, "qualified_at" timestamptz null, "hold_until" timestamptz null, "converted_at" timestamptz null, "ended_at" timestamptz null, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`create unique index referral_of_referee on referral (referee_id) where status <> 'REJECTED';`);
    this.addSql(
      `create index "referral_project_id_environment_created_at_id_index" on "referral" ("project_id", "environment", "created_at", "id");`,
    );
    this.addSql(
      `create index "referral_referrer_id_created_at_id_index" on "referral" ("referrer_id", "created_at", "id");`,
    );
    this.addSql(`create index "referral_code_id_index" on "referral" ("code_id");`);
    this.addSql(
      `alter table "referral" add constraint "referral_referee_id_code_id_unique" unique ("referee_id", "code_id");`,
    );

    this.addSql(
      `create table "referral_reward" ("id" text not null, "project_id" text not null, "environment" text not null, "referral_id" text not null, "customer_id" text not null, "beneficiary" text not null, "invoice_id" text null, "amount" bigint not null, "currency" text not null, "status" text not null, "reason" text null, "hold_until" timestamptz not null, "round" int not null default 0, "credited_at" timestamptz null, "ended_at" timestamptz null, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create unique index referral_reward_once on referral_reward (referral_id, invoice_id, beneficiary) nulls not distinct;`,
    );
    this.addSql(
      `create index "referral_reward_customer_id_created_at_id_index" on "referral_reward" ("customer_id", "created_at", "id");`,
    );
    this.addSql(`create index "referral_reward_invoice_id_index" on "referral_reward" ("invoice_id");`);

    this.addSql(
      `alter table "referral_config" add constraint "referral_config_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "referral_config" add constraint "referral_config_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "referral_config" add constraint "referral_config_referee_credit_at_check" check ("referee_credit_at" in ('APPLY', 'CONVERSION'));`,
    );
    this.addSql(
      `alter table "referral_config" add constraint "referral_config_cap_period_check" check ("cap_period" in ('MONTH', 'YEAR', 'EVER'));`,
    );
    this.addSql(`alter table "referral_config" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "referral_config" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(
      `alter table "referral_code" add constraint "referral_code_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "referral_code" add constraint "referral_code_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "referral_code" add constraint "referral_code_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(`alter table "referral_code" enable row level security;`);
    this.addSql(
      `create policy "tenant" on "referral_code" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(
      `alter table "referral" add constraint "referral_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "referral" add constraint "referral_code_id_foreign" foreign key ("code_id") references "referral_code" ("id");`,
    );
    this.addSql(
      `alter table "referral" add constraint "referral_referrer_id_foreign" foreign key ("referrer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "referral" add constraint "referral_referee_id_foreign" foreign key ("referee_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "referral" add constraint "referral_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "referral" add constraint "referral_status_check" check ("status" in ('PENDING', 'QUALIFIED', 'CONVERTED', 'REVERSED', 'REJECTED'));`,
    );
    this.addSql(
      `alter table "referral" add constraint "referral_reason_check" check ("reason" in ('SAME_EMAIL', 'SAME_CARD', 'ALREADY_PAYING', 'CAP_REACHED', 'CYCLE', 'CODE_INACTIVE', 'PROGRAMME_DISABLED', 'CURRENCY_MISMATCH', 'REFUNDED', 'DISPUTED'));`,
    );
    this.addSql(
      `alter table "referral" add constraint "referral_referee_credit_at_check" check ("referee_credit_at" in ('APPLY', 'CONVERSION'));`,
    );
    this.addSql(
      `alter table "referral" add constraint "referral_cap_period_check" check ("cap_period" in ('MONTH', 'YEAR', 'EVER'));`,
    );
    this.addSql(`alter table "referral" enable row level security;`);
    this.addSql(
      `create policy "seen" on "referral" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', referrer_id, referee_id]));`,
    );
    this.addSql(
      `create policy "tenant" on "referral" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(
      `alter table "referral_reward" add constraint "referral_reward_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "referral_reward" add constraint "referral_reward_referral_id_foreign" foreign key ("referral_id") references "referral" ("id");`,
    );
    this.addSql(
      `alter table "referral_reward" add constraint "referral_reward_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "referral_reward" add constraint "referral_reward_invoice_id_foreign" foreign key ("invoice_id") references "invoice" ("id") on delete no action;`,
    );
    this.addSql(
      `alter table "referral_reward" add constraint "referral_reward_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "referral_reward" add constraint "referral_reward_beneficiary_check" check ("beneficiary" in ('REFERRER', 'REFEREE'));`,
    );
    this.addSql(
      `alter table "referral_reward" add constraint "referral_reward_status_check" check ("status" in ('HELD', 'CREDITED', 'CLAWED_BACK', 'CANCELED'));`,
    );
    this.addSql(
      `alter table "referral_reward" add constraint "referral_reward_reason_check" check ("reason" in ('REFUNDED', 'DISPUTED', 'CURRENCY_MISMATCH', 'CUSTOMER_DELETED', 'NOT_AMONG_FIRST', 'REFERRAL_REJECTED', 'PAYOUT_FAILED'));`,
    );
    this.addSql(`alter table "referral_reward" enable row level security;`);
    this.addSql(
      `create policy "seen" on "referral_reward" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id]));`,
    );
    this.addSql(
      `create policy "tenant" on "referral_reward" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );
  }
}
