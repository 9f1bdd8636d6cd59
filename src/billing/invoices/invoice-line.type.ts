import { Field, ID, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.ts';
import { type Money, MoneyType } from '../../graphql/money.type.ts';
import { NodeType } from '../../graphql/node.type.ts';
import { BigIntScalar } from '../../graphql/scalars.ts';
import { PriceType } from '../catalog/price.type.ts';

@ObjectType('InvoiceLine', { implements: NodeType, description: 'One thing that an invoice bills or credits.' })
export class InvoiceLineType {
  @Field(() => ID, { description: 'Our id: `il_…`.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'What customers read on the invoice. Null where there is none.' })
  description!: string | null;

  @Field(() => MoneyType, { description: 'What it costs before discounts and taxes on top; negative for a credit.' })
  amount!: Money;

  @Field(() => MoneyType, { description: 'The taxes on this line.' })
  tax!: Money;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'How many units. Null where the amount stands for itself.',
  })
  quantity!: bigint | null;

  @Field(() => Boolean, { description: 'Whether it settles a change in the middle of a billing period.' })
  proration!: boolean;

  @Field(() => Date, { description: 'When the period that it bills begins.' })
  periodStart!: Date;

  @Field(() => Date, { description: 'When the period that it bills ends.' })
  periodEnd!: Date;

  @Field(() => PriceType, {
    nullable: true,
    description: 'What is billed. Null where the amount stands for itself, and where the price is not of this project.',
  })
  price!: PriceType | null;

  @Field(() => String, { description: "Stripe's id: `il_…`." })
  stripeLineId!: string;

  @Field(() => Date, { description: 'When the invoice was made.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When anything of the line last changed here.' })
  updatedAt!: Date;
}

export const InvoiceLineConnection = connectionOf('InvoiceLine', () => InvoiceLineType);
