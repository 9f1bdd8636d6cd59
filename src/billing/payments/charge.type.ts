import { Field, ID, ObjectType } from 'type-graphql';
import { type Connection, ConnectionField, connectionOf } from '../../graphql/connection.ts';
import { type Money, MoneyType } from '../../graphql/money.type.ts';
import { NodeType } from '../../graphql/node.type.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { MetadataScalar } from '../../graphql/scalars.ts';
import { CustomerType } from '../customers/customer.type.ts';
import { DisputeConnection, type DisputeType } from './dispute.type.ts';
import { PaymentType } from './payment.type.ts';
import type { ChargeStatus } from './payment-statuses.ts';
import { ChargeStatusEnum } from './payment-statuses.type.ts';

@ObjectType('Charge', {
  implements: NodeType,
  description: 'One attempt to take money from a payment method, and what of it was given back.',
})
export class ChargeType {
  @Field(() => ID, { description: 'Our id: `pch_…`.' })
  id!: string;

  @Field(() => ChargeStatusEnum, { description: 'What became of it.' })
  status!: ChargeStatus;

  @Field(() => String, { description: "Stripe's own word for the status: `succeeded`." })
  stripeStatus!: string;

  @Field(() => MoneyType, { description: 'What was to be taken.' })
  amount!: Money;

  @Field(() => MoneyType, { description: 'What was taken. Nothing while it is only authorized.' })
  amountCaptured!: Money;

  @Field(() => MoneyType, { description: 'What was given back, by all refunds.' })
  amountRefunded!: Money;

  @Field(() => Boolean, { description: 'Whether money was taken, or is taken as soon as it can be.' })
  captured!: boolean;

  @Field(() => Boolean, { description: 'Whether it succeeded, or was authorized.' })
  paid!: boolean;

  @Field(() => Boolean, {
    description: 'Whether all of it was given back. A partial refund shows in `amountRefunded`.',
  })
  refunded!: boolean;

  @Field(() => Boolean, { description: 'Whether it was ever disputed.' })
  disputed!: boolean;

  @Field(() => String, {
    nullable: true,
    description: "Why it failed, in Stripe's word: `card_declined`. Null otherwise.",
  })
  failureCode!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it failed, as people read it. Null otherwise.' })
  failureMessage!: string | null;

  @Field(() => String, { nullable: true, description: "Stripe's receipt, for whoever has the URL. Null without one." })
  receiptUrl!: string | null;

  @Field(() => String, { nullable: true, description: "The kind of payment method, in Stripe's word: `card`." })
  paymentMethodType!: string | null;

  @Field(() => String, { nullable: true, description: 'The brand of the card: `visa`. Null for what has none.' })
  paymentMethodBrand!: string | null;

  @Field(() => String, { nullable: true, description: 'The last four digits. Null for what has none.' })
  paymentMethodLast4!: string | null;

  @Field(() => String, { nullable: true, description: 'A note. Null where there is none.' })
  description!: string | null;

  @Field(() => PaymentType, {
    nullable: true,
    description: 'What it is an attempt of. Null for one that was made without a PaymentIntent.',
  })
  payment!: PaymentType | null;

  @RequiresScopes('customers:read')
  @Field(() => CustomerType, { nullable: true, description: 'Who pays. Null for a guest.' })
  customer!: CustomerType | null;

  @ConnectionField(() => DisputeConnection, { description: 'Its disputes.' })
  disputes!: Connection<DisputeType>;

  @Field(() => String, { description: "Stripe's id: `ch_…` or `py_…`." })
  stripeChargeId!: string;

  @Field(() => MetadataScalar, { description: 'Your own notes, kept in Stripe too.' })
  metadata!: Record<string, string>;

  @Field(() => Date, { description: 'When it was tried.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When anything of the charge last changed here.' })
  updatedAt!: Date;
}

export const ChargeConnection = connectionOf('Charge', () => ChargeType);
