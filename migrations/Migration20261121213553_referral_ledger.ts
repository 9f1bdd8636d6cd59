import { Migration } from '@mikro-orm/migrations';

export class Migration20261121213553_referral_ledger extends Migration {
  override name = 'Migration20261121213553_referral_ledger';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "referral_payout" ("id" text not null, "project_id" text not null, "environment" text not null, "customer_id" text not null, "reward_id" text not null, "kind" text not null, "state" text not null default 'PENDING', "amount" bigint not null, "currency" text not null, "stripe_customer_id" text null, "idempotency_key" text null, "asked_at" timestamptz null, "stripe_balance_transaction_id" text null, "failure_code" text null, "failure_message" text null, "ended_at" timestamptz null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index referral_payout_waiting on referral_payout (customer_id, id) where state in ('PENDING', 'ASKED');`,
    );
    this.addSql(
      `create index "referral_payout_project_id_environment_id_index" on "referral_payout" ("project_id", "environment", "id");`,
    );
    this.addSql(`create index "referral_payout_customer_id_id_index" on "referral_payout" ("customer_id", "id");`);
    this.addSql(
      `alter table "referral_payout" add constraint "referral_payout_reward_id_kind_unique" unique ("reward_id", "kind");`,
    );

    this.addSql(
      `create table "ledger_entry" ("id" text not null, "project_id" text not null, "environment" text not null, "transaction_id" text not null, "key" text not null, "kind" text not null, "account" text not null, "customer_id" text null, "amount" bigint not null, "currency" text not null, "reward_id" text not null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`create index "ledger_entry_transaction_id_index" on "ledger_entry" ("transaction_id");`);
    this.addSql(
      `create index "ledger_entry_project_id_environment_id_index" on "ledger_entry" ("project_id", "environment", "id");`,
    );
    this.addSql(
      `create index "ledger_entry_customer_id_currency_id_index" on "ledger_entry" ("customer_id", "currency", "id");`,
    );
    this.addSql(`create index "ledger_entry_reward_id_index" on "ledger_entry" ("reward_id");`);
    this.addSql(
      `alter table "ledger_entry" add constraint "ledger_entry_key_account_unique" unique ("key", "account");`,
    );

    this.addSql(
      `alter table "referral_payout" add constraint "referral_payout_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "referral_payout" add constraint "referral_payout_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "referral_payout" add constraint "referral_payout_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "referral_payout" add constraint "referral_payout_kind_check" check ("kind" in ('CREDIT', 'CLAWBACK'));`,
    );
    this.addSql(
      `alter table "referral_payout" add constraint "referral_payout_state_check" check ("state" in ('PENDING', 'ASKED', 'DONE', 'FAILED', 'CANCELED'));`,
    );
    this.addSql(`alter table "referral_payout" enable row level security;`);
    this.addSql(
      `create policy "seen" on "referral_payout" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id]));`,
    );
    this.addSql(
      `create policy "tenant" on "referral_payout" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    this.addSql(
      `alter table "ledger_entry" add constraint "ledger_entry_project_id_foreign" foreign key ("project_id") references "project" ("id");`,
    );
    this.addSql(
      `alter table "ledger_entry" add constraint "ledger_entry_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on delete no action;`,
    );
    this.addSql(
      `alter table "ledger_entry" add constraint "ledger_entry_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(
      `alter table "ledger_entry" add constraint "ledger_entry_kind_check" check ("kind" in ('CREDIT', 'CLAWBACK', 'PAYOUT', 'REVERSAL'));`,
    );
    this.addSql(
      `alter table "ledger_entry" add constraint "ledger_entry_account_check" check ("account" in ('REFERRAL_EXPENSE', 'CUSTOMER_CREDIT', 'STRIPE_BALANCE'));`,
    );
    this.addSql(`alter table "ledger_entry" enable row level security;`);
    this.addSql(
      `create policy "seen" on "ledger_entry" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id]));`,
    );
    this.addSql(
      `create policy "tenant" on "ledger_entry" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = '*') or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    // A transaction's entries sum to zero in each currency of its side, whenever entries are added, or nothing of it is committed.
    this.addSql(`
      create function check_ledger_transaction() returns trigger language plpgsql set search_path from current as $function$
      begin
        if exists (
          select from ledger_entry where transaction_id = new.transaction_id
          group by project_id, environment, currency having sum(amount) <> 0
        ) then
          raise exception 'The entries of % do not sum to zero.', new.transaction_id using errcode = 'check_violation';
        end if;
        return null;
      end $function$;`);
    this.addSql(`
      create constraint trigger balanced after insert on ledger_entry deferrable initially deferred
      for each row execute function check_ledger_transaction();`);
  }
}
