import { Field, InputType } from 'type-graphql';
import { BigIntScalar, CurrencyCodeScalar } from '../../graphql/scalars.ts';

@InputType('PriceTierInput', {
  description: 'What units cost between two quantities: a unit amount, a flat amount, or both. One way of each.',
})
export class PriceTierInput {
  @Field(() => BigIntScalar, {
    nullable: true,
    description:
      'The last unit of the tier: above that of the tier before, at most 99999999999. Null for the last tier alone, which has no end.',
  })
  upTo?: bigint | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'What each unit of the tier costs, in minor units of the currency: 0 to 99999999.',
  })
  unitAmount?: bigint | null;

  @Field(() => String, { nullable: true, description: 'The same with up to 12 decimals: `0.5` is half a cent.' })
  unitAmountDecimal?: string | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'What the tier costs on top, in minor units of the currency: 0 to 99999999.',
  })
  flatAmount?: bigint | null;

  @Field(() => String, { nullable: true, description: 'The same with up to 12 decimals.' })
  flatAmountDecimal?: string | null;
}

@InputType('CurrencyOptionInput', { description: 'What a price costs in another currency than its own.' })
export class CurrencyOptionInput {
  @Field(() => CurrencyCodeScalar, { description: "The currency: not the price's own, and named once." })
  currency!: string;

  @Field(() => BigIntScalar, {
    nullable: true,
    description:
      'What one unit costs, as `unitAmount` of the price. Exactly one of this, `unitAmountDecimal` and `tiers`.',
  })
  unitAmount?: bigint | null;

  @Field(() => String, { nullable: true, description: 'What one unit costs, as `unitAmountDecimal` of the price.' })
  unitAmountDecimal?: string | null;

  @Field(() => [PriceTierInput], {
    nullable: true,
    description: 'What units cost by their number, where the price is TIERED: 1 to 100 tiers, in order.',
  })
  tiers?: PriceTierInput[] | null;
}
