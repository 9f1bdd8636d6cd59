import { Field, ID, ObjectType } from 'type-graphql';
import { type Money, MoneyType } from '../../graphql/money.type.ts';
import { BigIntScalar } from '../../graphql/scalars.ts';
import type { InvoicePreview, InvoicePreviewLine } from './invoice-preview.ts';

@ObjectType('InvoicePreviewLine', {
  simpleResolvers: true,
  description: 'One thing that an invoice would bill or credit.',
})
export class InvoicePreviewLineType implements InvoicePreviewLine {
  @Field(() => String, { nullable: true, description: 'What customers would read. Null where there is none.' })
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

  @Field(() => ID, {
    nullable: true,
    description:
      'Our id of the price that is billed: `pri_…`. Null where the amount stands for itself, and where the price is not of this project.',
  })
  priceId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Stripe's id of the subscription's item that is billed: `si_…`. Null for anything else.",
  })
  stripeSubscriptionItemId!: string | null;
}

@ObjectType('InvoicePreview', {
  simpleResolvers: true,
  description: 'What Stripe would bill, as things stand. No such invoice exists yet, and it is not kept.',
})
export class InvoicePreviewType implements InvoicePreview {
  @Field(() => MoneyType, { description: 'The sum of the lines, before discounts and taxes on top.' })
  subtotal!: Money;

  @Field(() => MoneyType, { description: 'All discounts.' })
  discount!: Money;

  @Field(() => MoneyType, { description: 'All taxes.' })
  tax!: Money;

  @Field(() => MoneyType, { description: 'After discounts and taxes. Negative where more is credited than billed.' })
  total!: Money;

  @Field(() => MoneyType, {
    description: "The customer's balance that is set off against the total: negative where the customer has a credit.",
  })
  startingBalance!: Money;

  @Field(() => MoneyType, { description: "What is to be paid: the total with the customer's balance, never negative." })
  amountDue!: Money;

  @Field(() => String, {
    nullable: true,
    description: "Why it would be made, in Stripe's word and upper case: `UPCOMING`. Null where Stripe does not say.",
  })
  billingReason!: string | null;

  @Field(() => String, {
    description:
      "How it would be collected, in Stripe's word and upper case: `CHARGE_AUTOMATICALLY` or `SEND_INVOICE`.",
  })
  collectionMethod!: string;

  @Field(() => Date, {
    nullable: true,
    description: 'When Stripe is going to take the money. Null where the invoice is sent, or is billed at once.',
  })
  nextPaymentAttempt!: Date | null;

  @Field(() => Date, {
    nullable: true,
    description: 'Until when it is to be paid. Null where it is charged automatically.',
  })
  dueDate!: Date | null;

  @Field(() => Date, {
    description: 'When the period begins in which its items are added. See the lines for what is billed.',
  })
  periodStart!: Date;

  @Field(() => Date, { description: 'When the period ends in which its items are added.' })
  periodEnd!: Date;

  @Field(() => Date, { description: 'When it would be made.' })
  billedAt!: Date;

  @Field(() => Date, {
    nullable: true,
    description: 'By which time a change is prorated, to the second. Null where nothing is prorated.',
  })
  prorationDate!: Date | null;

  @Field(() => [InvoicePreviewLineType], { description: 'Everything that would be billed or credited.' })
  lines!: InvoicePreviewLine[];

  @Field(() => Boolean, {
    description: 'Whether there are more lines than Stripe shows here. The sums are of all of them.',
  })
  hasMoreLines!: boolean;
}
