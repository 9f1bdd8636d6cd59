import { Field, ID, InputType, Int } from 'type-graphql';
import { MutationInput } from '../graphql/mutation-input.ts';
import { BigIntScalar, CurrencyCodeScalar, MetadataScalar } from '../graphql/scalars.ts';
import { RecurringIntervalEnum } from './price.type.ts';

@InputType('RecurringInput', { description: 'How often a price is billed.' })
export class RecurringInputType {
  @Field(() => RecurringIntervalEnum, { description: 'The unit of the billing period.' })
  interval!: keyof typeof RecurringIntervalEnum;

  @Field(() => Int, {
    nullable: true,
    description: 'How many of the unit make a period, 1 by default: at most 1,095 DAY, 156 WEEK, 36 MONTH or 3 YEAR.',
  })
  intervalCount?: number | null;

  @Field(() => ID, {
    nullable: true,
    description: "Stripe's id of a meter, `mtr_…`: what it counts in a period is charged afterwards.",
  })
  stripeMeterId?: string | null;
}

@InputType()
abstract class PriceDetails extends MutationInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Your own name for the price in code, at most 200 characters; no two prices of a Stripe account share one.',
  })
  lookupKey?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: "Whether the key may be another price's, which loses it in the same moment.",
  })
  transferLookupKey!: boolean;

  @Field(() => String, { nullable: true, description: 'A note that customers never see, at most 5,000 characters.' })
  nickname?: string | null;

  @Field(() => MetadataScalar, {
    nullable: true,
    description:
      'Your own notes: at most 40 keys; those that begin with `billgraph_` are reserved. They replace those of before.',
  })
  metadata?: Record<string, string> | null;
}

@InputType('CreatePriceInput', { description: 'A new price. Its amount is for good: another amount is another price.' })
export class CreatePriceInput extends PriceDetails {
  @Field(() => ID, { description: 'What is sold: `pp_…`. `NOT_FOUND` where you have none of this id.' })
  productId!: string;

  @Field(() => CurrencyCodeScalar, { description: 'The currency that is charged.' })
  currency!: string;

  @Field(() => BigIntScalar, {
    nullable: true,
    description:
      'What one unit costs, in minor units of the currency: 0 to 99999999. In BHD, JOD, KWD, OMR and TND the last digit must be 0. Exactly one of this and `unitAmountDecimal`.',
  })
  unitAmount?: bigint | null;

  @Field(() => String, {
    nullable: true,
    description: 'What one unit costs, in minor units with up to 12 decimals: `0.5` is half a cent.',
  })
  unitAmountDecimal?: string | null;

  @Field(() => RecurringInputType, { nullable: true, description: 'The billing period. Without one it is paid once.' })
  recurring?: RecurringInputType | null;
}

@InputType('UpdatePriceInput', { description: 'What changes of a price. What is left out stays, null takes it away.' })
export class UpdatePriceInput extends PriceDetails {
  @Field(() => ID, { description: 'The price: `pri_…`. `NOT_FOUND` where you have none of this id.' })
  priceId!: string;
}

@InputType('ArchivePriceInput', { description: 'Which price, and which way.' })
export class ArchivePriceInput extends MutationInput {
  @Field(() => ID, { description: 'The price: `pri_…`. `NOT_FOUND` where you have none of this id.' })
  priceId!: string;

  @Field(() => Boolean, { defaultValue: false, description: 'True takes an archived price up again.' })
  reactivate!: boolean;
}
