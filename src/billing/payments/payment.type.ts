import { Field, ID, ObjectType } from 'type-graphql';
import { type Connection, ConnectionField, connectionOf } from '../../graphql/connection.ts';
import { type Money, MoneyType } from '../../graphql/money.type.ts';
import { NodeType } from '../../graphql/node.type.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { MetadataScalar } from '../../graphql/scalars.ts';
import { CustomerType } from '../customers/customer.type.ts';
import { InvoiceType } from '../invoices/invoice.type.ts';
import { ChargeConnection, ChargeType } from './charge.type.ts';
import type { PaymentStatus } from './payment-statuses.ts';
import { PaymentStatusEnum } from './payment-statuses.type.ts';

@ObjectType('PaymentFailure', { simpleResolvers: true, description: 'Why an attempt to pay failed.' })
export class PaymentFailureType {
  @Field(() => String, { nullable: true, description: "In Stripe's word: `card_declined`. Null where it gives none." })
  code!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The reason of the payer's bank, in Stripe's word: `insufficient_funds`. Null where it gives none.",
  })
  declineCode!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'As people read it, in English. Null where Stripe says nothing.',
  })
  message!: string | null;
}

@ObjectType('Payment', {
  implements: NodeType,
  description: 'A payment with all its attempts, as Stripe last told: what Stripe calls a PaymentIntent.',
})
export class PaymentType {
  @Field(() => ID, { description: 'Our id: `pay_…`.' })
  id!: string;

  @Field(() => PaymentStatusEnum, { description: 'Where it stands.' })
  status!: PaymentStatus;

  @Field(() => String, { description: "Stripe's own word for the status: `requires_action`." })
  stripeStatus!: string;

  @Field(() => MoneyType, { description: 'What is to be paid.' })
  amount!: Money;

  @Field(() => MoneyType, { description: 'What was taken.' })
  amountReceived!: Money;

  @Field(() => MoneyType, { description: 'What of it was given back since, by all refunds.' })
  amountRefunded!: Money;

  @Field(() => PaymentFailureType, {
    nullable: true,
    description: 'Why the last attempt failed. Null where none did, or a later one succeeded.',
  })
  lastError!: PaymentFailureType | null;

  @Field(() => String, { nullable: true, description: 'A note. Null where there is none.' })
  description!: string | null;

  @Field(() => String, { nullable: true, description: 'Where the receipt goes. Null where none is sent.' })
  receiptEmail!: string | null;

  @Field(() => Date, { nullable: true, description: 'When it was given up. Null where it was not.' })
  canceledAt!: Date | null;

  @Field(() => String, {
    nullable: true,
    description: "Why it was given up, in Stripe's word: `abandoned`. Null otherwise.",
  })
  cancellationReason!: string | null;

  @RequiresScopes('customers:read')
  @Field(() => CustomerType, { nullable: true, description: 'Who pays. Null for a guest.' })
  customer!: CustomerType | null;

  @RequiresScopes('invoices:read')
  @Field(() => InvoiceType, { nullable: true, description: 'The invoice that it pays. Null where it pays none.' })
  invoice!: InvoiceType | null;

  @Field(() => ChargeType, { nullable: true, description: 'The attempt that was made last. Null before the first.' })
  latestCharge!: ChargeType | null;

  @ConnectionField(() => ChargeConnection, { description: 'Every attempt, those that failed too.' })
  charges!: Connection<ChargeType>;

  @Field(() => String, { description: "Stripe's id: `pi_…`." })
  stripePaymentIntentId!: string;

  @Field(() => MetadataScalar, { description: 'Your own notes, kept in Stripe too.' })
  metadata!: Record<string, string>;

  @Field(() => Date, { description: 'When the payment was begun.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When anything of the payment itself last changed here.' })
  updatedAt!: Date;
}

export const PaymentConnection = connectionOf('Payment', () => PaymentType);
