import { Field, ID, InputType } from 'type-graphql';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { BigIntScalar } from '../../graphql/scalars.ts';
import { CurrencyOptionInput, PriceTierInput } from './amounts.inputs.ts';

@InputType('ChangePriceAmountInput', {
  description: 'What a price is to cost. It stays PER_UNIT or TIERED, and in its currency.',
})
export class ChangePriceAmountInput extends MutationInput {
  @Field(() => ID, {
    description:
      'The price: `pri_…`. `NOT_FOUND` where you have none of this id; `BAD_USER_INPUT` for one that is archived or was replaced, and one whose payer chooses the amount.',
  })
  priceId!: string;

  @Field(() => BigIntScalar, {
    nullable: true,
    description:
      'What one unit is to cost, as in `CreatePriceInput`; another amount than now. Exactly one of this, `unitAmountDecimal` and `tiers`.',
  })
  unitAmount?: bigint | null;

  @Field(() => String, {
    nullable: true,
    description: 'What one unit is to cost, in minor units with up to 12 decimals: `0.5` is half a cent.',
  })
  unitAmountDecimal?: string | null;

  @Field(() => [PriceTierInput], {
    nullable: true,
    description: 'What units are to cost by their number, for a TIERED price: 1 to 100 tiers, in order.',
  })
  tiers?: PriceTierInput[] | null;

  @Field(() => [CurrencyOptionInput], {
    nullable: true,
    description:
      'What it is to cost in these other currencies. Those that are not named cost what they do now; null takes all away.',
  })
  currencyOptions?: CurrencyOptionInput[] | null;
}
