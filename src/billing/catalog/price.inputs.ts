import { Field, ID, InputType, Int } from 'type-graphql';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { BigIntScalar, CurrencyCodeScalar, MetadataScalar } from '../../graphql/scalars.ts';
import { CurrencyOptionInput, PriceTierInput } from '../pricing/amounts.inputs.ts';
import { BillingSchemeEnum, TiersModeEnum } from '../pricing/amounts.type.ts';
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

/** What can be said of a price, whether it is made or changed. */
@InputType()
abstract class PriceDetails extends MutationInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Your own name for the price in code, at most 200 characters; no two prices of a Stripe account share one (`CONFLICT`).',
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

  @Field(() => CurrencyCodeScalar, { description: 'The currency that is charged unless another one is asked for.' })
  currency!: string;

  @Field(() => BillingSchemeEnum, {
    defaultValue: 'PER_UNIT',
    description: 'Whether every unit costs the same, or tiers decide: then `tiersMode` and `tiers` are needed.',
  })
  billingScheme!: keyof typeof BillingSchemeEnum;

  @Field(() => TiersModeEnum, { nullable: true, description: 'How the tiers of a TIERED price are reckoned.' })
  tiersMode?: keyof typeof TiersModeEnum | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description:
      'What one unit costs, in minor units of the currency: 0 to 99999999. In BHD, JOD, KWD, OMR and TND the last digit must be 0, in ISK and UGX the last two. Exactly one of this, `unitAmountDecimal` and `tiers`.',
  })
  unitAmount?: bigint | null;

  @Field(() => String, {
    nullable: true,
    description: 'What one unit costs, in minor units with up to 12 decimals: `0.5` is half a cent.',
  })
  unitAmountDecimal?: string | null;

  @Field(() => [PriceTierInput], {
    nullable: true,
    description: 'What units cost by their number, for a TIERED price: 1 to 100 tiers, in order.',
  })
  tiers?: PriceTierInput[] | null;

  @Field(() => [CurrencyOptionInput], {
    nullable: true,
    description: 'What it costs in other currencies: as the price is, PER_UNIT or TIERED.',
  })
  currencyOptions?: CurrencyOptionInput[] | null;

  @Field(() => RecurringInputType, { nullable: true, description: 'The billing period. Without one it is paid once.' })
  recurring?: RecurringInputType | null;
}

@InputType('UpdatePriceInput', { description: 'What changes of a price. What is left out stays, null takes it away.' })
export class UpdatePriceInput extends PriceDetails {
  @Field(() => ID, { description: 'The price: `pri_…`. `NOT_FOUND` where you have none of this id.' })
  priceId!: string;

  @Field(() => [CurrencyOptionInput], {
    nullable: true,
    description:
      'What it is to cost in these other currencies from now on, for whoever buys then. Currencies that are not named stay; null takes all away.',
  })
  currencyOptions?: CurrencyOptionInput[] | null;
}

@InputType('ArchivePriceInput', { description: 'Which price, and which way.' })
export class ArchivePriceInput extends MutationInput {
  @Field(() => ID, { description: 'The price: `pri_…`. `NOT_FOUND` where you have none of this id.' })
  priceId!: string;

  @Field(() => Boolean, { defaultValue: false, description: 'True takes an archived price up again.' })
  reactivate!: boolean;
}
