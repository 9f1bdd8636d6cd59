import { Field, ObjectType } from 'type-graphql';
import { type Money, MoneyType } from '../../graphql/money.type.ts';
import type { InvoicePreview } from '../invoices/invoice-preview.ts';
import { InvoicePreviewType } from '../invoices/invoice-preview.type.ts';
import type { ChangePreview } from './preview-subscription-change.ts';

@ObjectType('SubscriptionChangePreview', {
  simpleResolvers: true,
  description:
    'What a change of a subscription would cost, as Stripe reckons. Nothing is changed, and nothing is kept.',
})
export class SubscriptionChangePreviewType implements ChangePreview {
  @Field(() => MoneyType, {
    description:
      'What would be collected at once. 0 where the change waits for the next invoice, and where credits cover it.',
  })
  dueNow!: Money;

  @Field(() => InvoicePreviewType, {
    nullable: true,
    description: 'The invoice that would be made at once. Null where the change waits for the next one.',
  })
  invoice!: InvoicePreview | null;

  @Field(() => InvoicePreviewType, {
    nullable: true,
    description:
      'The invoice of the next period. After one that is made at once, and with `at: PERIOD_END`, it is what a period costs from then on, without usage and what else waits to be billed. Null where no period follows.',
  })
  nextInvoice!: InvoicePreview | null;

  @Field(() => Date, { nullable: true, description: 'When that one is made. Null where no period follows.' })
  nextBillingAt!: Date | null;

  @Field(() => Date, {
    nullable: true,
    description:
      'By which time it is prorated. Send it with updateSubscription within the period, and what is billed is this. Null where nothing is prorated.',
  })
  prorationDate!: Date | null;
}
