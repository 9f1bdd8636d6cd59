import { Migration } from '@mikro-orm/migrations';

export class Migration20261121215848_referral_ledger_order extends Migration {
  override name = 'Migration20261121215848_referral_ledger_order';

  override up(): void | Promise<void> {
    this.addSql(`drop index "ledger_entry_customer_id_currency_id_index";`);
    this.addSql(`drop index "ledger_entry_project_id_environment_id_index";`);
    this.addSql(
      `create index "ledger_entry_project_id_environment_created_at_id_index" on "ledger_entry" ("project_id", "environment", "created_at", "id");`,
    );
    this.addSql(
      `create index "ledger_entry_customer_id_created_at_id_index" on "ledger_entry" ("customer_id", "created_at", "id");`,
    );

    this.addSql(`drop index "referral_payout_customer_id_id_index";`);
    this.addSql(`drop index "referral_payout_project_id_environment_id_index";`);
    this.addSql(
      `create index "referral_payout_project_id_environment_created_at_id_index" on "referral_payout" ("project_id", "environment", "created_at", "id");`,
    );
    this.addSql(
      `create index "referral_payout_customer_id_created_at_id_index" on "referral_payout" ("customer_id", "created_at", "id");`,
    );
  }
}
