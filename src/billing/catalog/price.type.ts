import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enum-of.ts';
import { type Money, MoneyType } from '../../graphql/money.type.ts';
import { NodeType } from '../../graphql/node.type.ts';
import { CurrencyCodeScalar, MetadataScalar } from '../../graphql/scalars.ts';
import { BillingSchemeEnum, CurrencyOptionType, PriceTierType, TiersModeEnum } from '../pricing/amounts.type.ts';
import { ProductType } from './product.type.ts';

export const PriceTypeEnum = enumOf('PriceType', 'How often a price is charged.', {
  ONE_TIME: 'Once.',
  RECURRING: 'Every interval, by a subscription.',
});

export const RecurringIntervalEnum = enumOf('RecurringInterval', 'The unit of a billing period.', {
  DAY: 'A day.',
  WEEK: 'A week.',
  MONTH: 'A calendar month.',
  YEAR: 'A calendar year.',
});

@ObjectType('Recurring', { simpleResolvers: true, description: 'How often a recurring price is billed.' })
export class RecurringType {
  @Field(() => RecurringIntervalEnum, { description: 'The unit of the billing period.' })
  interval!: keyof typeof RecurringIntervalEnum;

  @Field(() => Int, { description: 'How many of the unit make a period: 3 with MONTH is a quarter.' })
  intervalCount!: number;

  @Field(() => String, {
    nullable: true,
    description: "Stripe's id of the meter whose count is charged: `mtr_…`. Null where a quantity is.",
  })
  stripeMeterId!: string | null;
}

@ObjectType('Price', { implements: NodeType, description: 'What a product costs: once, or each billing period.' })
export class PriceType {
  @Field(() => ID, { description: 'Our id: `pri_…`.' })
  id!: string;

  @Field(() => Boolean, { description: 'Whether it can be bought. An archived price is kept for those who pay it.' })
  active!: boolean;

  @Field(() => PriceTypeEnum, { description: 'Once, or each billing period.' })
  type!: keyof typeof PriceTypeEnum;

  @Field(() => MoneyType, {
    nullable: true,
    description:
      'What one unit costs. Null where a unit costs a fraction of a minor unit (see `unitAmountDecimal`) or tiers decide.',
  })
  unitAmount!: Money | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What one unit costs, in minor units of `currency` with up to 12 decimals: `0.5` is half a cent. Null where tiers decide.',
  })
  unitAmountDecimal!: string | null;

  @Field(() => CurrencyCodeScalar, { description: 'The currency that is charged.' })
  currency!: string;

  @Field(() => BillingSchemeEnum, { description: 'Whether every unit costs the same, or tiers decide.' })
  billingScheme!: keyof typeof BillingSchemeEnum;

  @Field(() => TiersModeEnum, {
    nullable: true,
    description: 'How the tiers are reckoned. Null where every unit costs the same.',
  })
  tiersMode!: keyof typeof TiersModeEnum | null;

  @Field(() => [PriceTierType], {
    description: 'What units cost by their number, in order. Empty where every unit costs the same.',
  })
  tiers!: PriceTierType[];

  @Field(() => [CurrencyOptionType], {
    description: 'What it costs in other currencies, by their codes in order. Empty where it has none.',
  })
  currencyOptions!: CurrencyOptionType[];

  @Field(() => RecurringType, {
    nullable: true,
    description: 'The billing period. Null for a price that is charged once.',
  })
  recurring!: RecurringType | null;

  @Field(() => String, {
    nullable: true,
    description: 'Your own name for the price in code, which may move to another price. Null where none was given.',
  })
  lookupKey!: string | null;

  @Field(() => String, { nullable: true, description: 'A note that customers never see. Null where none was given.' })
  nickname!: string | null;

  @Field(() => String, { description: "Stripe's id: `price_…`." })
  stripePriceId!: string;

  @Field(() => MetadataScalar, { description: 'Your own notes, kept in Stripe too.' })
  metadata!: Record<string, string>;

  @Field(() => ProductType, { description: 'What is sold at this price.' })
  product!: ProductType;

  @Field(() => PriceType, {
    nullable: true,
    description:
      'The price with another amount that was made in place of this one. Null where none was: see `changePriceAmount`.',
  })
  replacedBy!: PriceType | null;

  @Field(() => Date, { description: 'When the price was made.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When anything of the price last changed here.' })
  updatedAt!: Date;
}

export const PriceConnection = connectionOf('Price', () => PriceType);
