import { Migration } from '@mikro-orm/migrations';

export class Migration20261121132112_failed_refunds extends Migration {
  override name = 'Migration20261121132112_failed_refunds';

  override up(): void | Promise<void> {
    this.addSql(`alter table "charge" add "refunds_failed" int not null default 0;`);

    this.addSql(`alter table "billing_event" drop constraint "billing_event_type_check";`);
    this.addSql(
      `alter table "billing_event" add constraint "billing_event_type_check" check ("type" in ('subscription.created', 'subscription.updated', 'subscription.ended', 'invoice.finalized', 'invoice.paid', 'invoice.payment_failed', 'invoice.voided', 'invoice.marked_uncollectible', 'payment.succeeded', 'payment.failed', 'payment.refunded', 'payment.refund_failed', 'dispute.created', 'dispute.closed'));`,
    );
  }
}
