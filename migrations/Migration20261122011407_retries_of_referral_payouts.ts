import { Migration } from '@mikro-orm/migrations';

export class Migration20261122011407_retries_of_referral_payouts extends Migration {
  override name = 'Migration20261122011407_retries_of_referral_payouts';

  override up(): void | Promise<void> {
    this.addSql(`alter table "ledger_entry" drop constraint "ledger_entry_kind_check";`);
    this.addSql(
      `alter table "ledger_entry" add constraint "ledger_entry_kind_check" check ("kind" in ('CREDIT', 'CLAWBACK', 'PAYOUT', 'REVERSAL', 'RETRY'));`,
    );

    this.addSql(`alter table "referral_payout" add "retries" int not null default 0;`);
    this.addSql(`create index referral_payout_failed on referral_payout (ended_at) where state = 'FAILED';`);
  }
}
