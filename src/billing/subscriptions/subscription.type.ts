import { Field, ID, Int, ObjectType } from 'type-graphql';
import { type Connection, ConnectionField, connectionOf } from '../../graphql/connection.ts';
import { NodeType } from '../../graphql/node.type.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { CurrencyCodeScalar, MetadataScalar } from '../../graphql/scalars.ts';
import { PriceType } from '../catalog/price.type.ts';
import { CustomerType } from '../customers/customer.type.ts';
import { DiscountType } from '../discounts/discount.type.ts';
import { InvoiceConnection, InvoiceType } from '../invoices/invoice.type.ts';
import { PendingChangeType } from './pending-change.type.ts';
import { SubscriptionItemConnection, type SubscriptionItemType } from './subscription-item.type.ts';
import type { SubscriptionStatus } from './subscription-status.ts';
import { SubscriptionStatusEnum } from './subscription-status.type.ts';

@ObjectType('Subscription', {
  implements: NodeType,
  description: 'What a customer is billed for, period by period, as Stripe last told.',
})
export class SubscriptionType {
  @Field(() => ID, { description: 'Our id: `ps_…`.' })
  id!: string;

  @Field(() => SubscriptionStatusEnum, { description: 'Where it stands.' })
  status!: SubscriptionStatus;

  @Field(() => String, { description: "Stripe's own word for the status: `past_due`." })
  stripeStatus!: string;

  @Field(() => Boolean, {
    description:
      'Whether the customer may use what is paid for: true while TRIALING or ACTIVE, and while PAST_DUE as long as `inGracePeriod`.',
  })
  hasAccess!: boolean;

  @Field(() => Boolean, { description: 'Whether it is in a trial: status TRIALING.' })
  isTrialing!: boolean;

  @Field(() => Boolean, {
    description:
      "Whether a payment failed and access goes on all the same: PAST_DUE, for the project's `gracePeriodDays` after the payment was due. Where the project sets none, for as long as Stripe retries.",
  })
  inGracePeriod!: boolean;

  @Field(() => Date, {
    nullable: true,
    description:
      'When the grace period ends or ended. Null where it is not PAST_DUE, and where the project sets no `gracePeriodDays`.',
  })
  graceEndsAt!: Date | null;

  @Field(() => Boolean, {
    description:
      'Whether another billing period follows the current one: TRIALING, ACTIVE or PAST_DUE, and no end is set for the current period.',
  })
  willRenew!: boolean;

  @Field(() => Date, { nullable: true, description: 'When the current billing period began. Null until Stripe says.' })
  currentPeriodStart!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When the current billing period ends. Null until Stripe says.' })
  currentPeriodEnd!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When the trial began. Null without a trial.' })
  trialStart!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When the trial ends or ended. Null without a trial.' })
  trialEnd!: Date | null;

  @Field(() => Boolean, { description: 'Whether it ends with the current billing period.' })
  cancelAtPeriodEnd!: boolean;

  @Field(() => Date, { nullable: true, description: 'When it is going to end. Null where no end is set.' })
  cancelAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When its end was asked for. Null where nobody did.' })
  canceledAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it ended. Null while it lasts.' })
  endedAt!: Date | null;

  @Field(() => String, {
    nullable: true,
    description:
      "What becomes of invoices while collection is paused, in Stripe's word and upper case: `KEEP_AS_DRAFT`, `MARK_UNCOLLECTIBLE` or `VOID`. Null where it is not paused.",
  })
  pauseBehavior!: string | null;

  @Field(() => Date, {
    nullable: true,
    description:
      'When the collection goes on. Null where it is not paused, and where it is paused until somebody resumes it.',
  })
  pauseResumesAt!: Date | null;

  @Field(() => CurrencyCodeScalar, {
    nullable: true,
    description: 'What it is billed in. Null where an older server brought it and no price says.',
  })
  currency!: string | null;

  @Field(() => [DiscountType], {
    description:
      "The discounts of the whole subscription, in the order in which they are taken off; those of its items come first. Where there is none, the customer's counts.",
  })
  discounts!: DiscountType[];

  @Field(() => Int, {
    nullable: true,
    description: 'How many units of the first item are billed. Null for a metered price.',
  })
  quantity!: number | null;

  @RequiresScopes('customers:read')
  @Field(() => CustomerType, { description: 'Who is billed.' })
  customer!: CustomerType;

  @Field(() => PriceType, {
    nullable: true,
    description:
      'The price of the first item. Null where there is no item, or its price belongs to another project of the same Stripe account.',
  })
  price!: PriceType | null;

  @ConnectionField(() => SubscriptionItemConnection, { description: 'Everything that is billed together.' })
  items!: Connection<SubscriptionItemType>;

  @Field(() => PendingChangeType, {
    nullable: true,
    description: 'What is going to change at the end of the period. Null where nothing is.',
  })
  pendingChange!: PendingChangeType | null;

  @RequiresScopes('invoices:read')
  @Field(() => InvoiceType, { nullable: true, description: 'The invoice that was made last. Null before the first.' })
  latestInvoice!: InvoiceType | null;

  @RequiresScopes('invoices:read')
  @ConnectionField(() => InvoiceConnection, { description: 'Every invoice that bills it, drafts too.' })
  invoices!: Connection<InvoiceType>;

  @Field(() => String, { description: "Stripe's id: `sub_…`." })
  stripeSubscriptionId!: string;

  @Field(() => MetadataScalar, {
    description: 'Your own notes, kept in Stripe too. A customer token reads them: keep secrets elsewhere.',
  })
  metadata!: Record<string, string>;

  @Field(() => Date, { description: 'When the subscription was made.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When anything of the subscription last changed here.' })
  updatedAt!: Date;
}

export const SubscriptionConnection = connectionOf('Subscription', () => SubscriptionType);
