import { Migration } from '@mikro-orm/migrations';

export class Migration20261121215213_referral_rounds extends Migration {
  override name = 'Migration20261121215213_referral_rounds';

  override up(): void | Promise<void> {
    this.addSql(
      `create policy "everyone" on "referral_config" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)));`,
    );

    this.addSql(`alter table "referral" drop constraint "referral_reason_check";`);
    this.addSql(
      `alter table "referral" add constraint "referral_reason_check" check ("reason" in ('SAME_EMAIL', 'SAME_CARD', 'ALREADY_PAYING', 'CAP_REACHED', 'CYCLE', 'CODE_INACTIVE', 'PROGRAMME_DISABLED', 'CURRENCY_MISMATCH', 'CUSTOMER_DELETED', 'REFUNDED', 'DISPUTED'));`,
    );

    this.addSql(`drop index "referral_reward_once";`);
    this.addSql(`alter table "referral_reward" drop constraint "referral_reward_reason_check";`);
    this.addSql(`alter table "referral_reward" alter column "round" set default 1;`);
    this.addSql(
      `create unique index referral_reward_round on referral_reward (referral_id, invoice_id, beneficiary, round) nulls not distinct;`,
    );
    this.addSql(
      `alter table "referral_reward" add constraint "referral_reward_reason_check" check ("reason" in ('REFUNDED', 'DISPUTED', 'CURRENCY_MISMATCH', 'CUSTOMER_DELETED', 'NOT_AMONG_FIRST', 'REFERRAL_REJECTED'));`,
    );
  }
}
