import { Field, ObjectType } from 'type-graphql';
import { enumOf } from '../../graphql/enum-of.ts';
import { type Money, MoneyType } from '../../graphql/money.type.ts';
import { BigIntScalar, CurrencyCodeScalar } from '../../graphql/scalars.ts';

export const BillingSchemeEnum = enumOf('BillingScheme', 'What a price is reckoned by.', {
  PER_UNIT: 'Every unit costs the same.',
  TIERED: 'What a unit costs depends on how many there are: see `tiers`.',
});

export const TiersModeEnum = enumOf('TiersMode', 'How tiers are reckoned.', {
  GRADUATED: 'Each unit costs what the tier says in which it lies.',
  VOLUME: 'All units cost what the tier says in which the last one lies.',
});

@ObjectType('PriceTier', { simpleResolvers: true, description: 'What units cost between two quantities.' })
export class PriceTierType {
  @Field(() => BigIntScalar, {
    nullable: true,
    description:
      'The last unit of the tier, which begins after that of the tier before. Null for the last tier: it has no end.',
  })
  upTo!: bigint | null;

  @Field(() => MoneyType, {
    nullable: true,
    description: 'What each unit costs. Null where none is charged for, or a fraction of a minor unit is.',
  })
  unitAmount!: Money | null;

  @Field(() => String, {
    nullable: true,
    description: 'What each unit costs, in minor units of the currency with up to 12 decimals. Null for nothing.',
  })
  unitAmountDecimal!: string | null;

  @Field(() => MoneyType, {
    nullable: true,
    description:
      'What the tier costs on top, however many of its units there are. Null where it has no such amount, or one with a fraction of a minor unit.',
  })
  flatAmount!: Money | null;

  @Field(() => String, {
    nullable: true,
    description: 'The same in minor units of the currency with up to 12 decimals. Null for nothing.',
  })
  flatAmountDecimal!: string | null;
}

@ObjectType('CurrencyOption', { simpleResolvers: true, description: 'What a price costs in another currency.' })
export class CurrencyOptionType {
  @Field(() => CurrencyCodeScalar, { description: 'The currency.' })
  currency!: string;

  @Field(() => MoneyType, {
    nullable: true,
    description: 'What one unit costs. Null where a unit costs a fraction of a minor unit, or tiers decide.',
  })
  unitAmount!: Money | null;

  @Field(() => String, {
    nullable: true,
    description: 'What one unit costs, in minor units with up to 12 decimals. Null where tiers decide.',
  })
  unitAmountDecimal!: string | null;

  @Field(() => [PriceTierType], {
    description: 'What units cost by their number. Empty where every unit costs the same.',
  })
  tiers!: PriceTierType[];
}
