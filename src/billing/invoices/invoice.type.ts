import { Field, ID, Int, ObjectType } from 'type-graphql';
import { type Connection, ConnectionField, connectionOf } from '../../graphql/connection.ts';
import { type Money, MoneyType } from '../../graphql/money.type.ts';
import { NodeType } from '../../graphql/node.type.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { MetadataScalar } from '../../graphql/scalars.ts';
import { CustomerType } from '../customers/customer.type.ts';
import { PaymentConnection, type PaymentType } from '../payments/payment.type.ts';
import { SubscriptionType } from '../subscriptions/subscription.type.ts';
import { InvoiceLineConnection, type InvoiceLineType } from './invoice-line.type.ts';
import type { InvoiceStatus } from './invoice-status.ts';
import { InvoiceStatusEnum } from './invoice-status.type.ts';

@ObjectType('Invoice', {
  implements: NodeType,
  description: 'What a customer owes or has paid, as Stripe last told. A draft that is deleted in Stripe is gone.',
})
export class InvoiceType {
  @Field(() => ID, { description: 'Our id: `inv_…`.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'The number that customers read. Null while it is a draft.' })
  number!: string | null;

  @Field(() => InvoiceStatusEnum, { description: 'Where it stands.' })
  status!: InvoiceStatus;

  @Field(() => String, { description: "Stripe's own word for the status: `open`." })
  stripeStatus!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "Why it was made, in Stripe's word and upper case: `SUBSCRIPTION_CYCLE`, `MANUAL`. Null where Stripe does not say.",
  })
  billingReason!: string | null;

  @Field(() => String, {
    description: "How it is collected, in Stripe's word and upper case: `CHARGE_AUTOMATICALLY` or `SEND_INVOICE`.",
  })
  collectionMethod!: string;

  @Field(() => MoneyType, { description: 'The sum of the lines, before discounts and taxes on top.' })
  subtotal!: Money;

  @Field(() => MoneyType, { description: 'All taxes.' })
  tax!: Money;

  @Field(() => MoneyType, { description: 'After discounts and taxes. Negative where more is credited than billed.' })
  total!: Money;

  @Field(() => MoneyType, { description: "What is to be paid: the total, less what the customer's balance covers." })
  amountDue!: Money;

  @Field(() => MoneyType, { description: 'What was paid.' })
  amountPaid!: Money;

  @Field(() => MoneyType, { description: 'What is still to be paid.' })
  amountRemaining!: Money;

  @Field(() => Int, { description: 'How often Stripe has tried to collect it.' })
  attemptCount!: number;

  @Field(() => Date, { nullable: true, description: 'When Stripe tries to collect it next. Null where it will not.' })
  nextPaymentAttempt!: Date | null;

  @Field(() => Date, {
    description: 'When the period begins in which its items were added. See the lines for what is billed.',
  })
  periodStart!: Date;

  @Field(() => Date, { description: 'When the period ends in which its items were added.' })
  periodEnd!: Date;

  @Field(() => Date, {
    nullable: true,
    description: 'Until when it is to be paid. Null where it is charged automatically.',
  })
  dueDate!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was finalized. Null while it is a draft.' })
  finalizedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was paid. Null where it was not.' })
  paidAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was voided. Null where it was not.' })
  voidedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was given up as uncollectible. Null where it was not.' })
  markedUncollectibleAt!: Date | null;

  @Field(() => String, {
    nullable: true,
    description: "Stripe's page where it is read and paid, by whoever has the URL. Null while it is a draft.",
  })
  hostedInvoiceUrl!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Stripe's PDF of it, for whoever has the URL. Null while it is a draft.",
  })
  invoicePdf!: string | null;

  @Field(() => String, { nullable: true, description: 'A note that customers read. Null where there is none.' })
  description!: string | null;

  @RequiresScopes('customers:read')
  @Field(() => CustomerType, { description: 'Who is billed.' })
  customer!: CustomerType;

  @RequiresScopes('subscriptions:read')
  @Field(() => SubscriptionType, { nullable: true, description: 'What it bills. Null for an invoice of single items.' })
  subscription!: SubscriptionType | null;

  @ConnectionField(() => InvoiceLineConnection, { description: 'Everything that is billed or credited.' })
  lines!: Connection<InvoiceLineType>;

  @RequiresScopes('payments:read')
  @ConnectionField(() => PaymentConnection, {
    description:
      'The payments that pay it. Stripe tells which they are once they have: one that is declined may be missing. None where it was paid outside of Stripe.',
  })
  payments!: Connection<PaymentType>;

  @Field(() => String, { description: "Stripe's id: `in_…`." })
  stripeInvoiceId!: string;

  @Field(() => MetadataScalar, {
    description: 'Your own notes, kept in Stripe too. A customer token reads them: keep secrets elsewhere.',
  })
  metadata!: Record<string, string>;

  @Field(() => Date, { description: 'When the invoice was made.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When anything of the invoice last changed here.' })
  updatedAt!: Date;
}

export const InvoiceConnection = connectionOf('Invoice', () => InvoiceType);
