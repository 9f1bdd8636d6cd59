import { Field, ID, InputType } from 'type-graphql';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { CurrencyCodeScalar, DecimalScalar } from '../../graphql/scalars.ts';

@InputType('SetExchangeRateInput', { description: 'What one unit of a currency is worth in another.' })
export class SetExchangeRateInput extends MutationInput {
  @Field(() => CurrencyCodeScalar, { description: 'The currency that is converted.' })
  from!: string;

  @Field(() => CurrencyCodeScalar, { description: 'The currency that it becomes: another one.' })
  to!: string;

  @Field(() => String, {
    description: 'The first day (UTC) that it holds for: `2026-11-21`. A rate of the pair of this day is replaced.',
  })
  day!: string;

  @Field(() => DecimalScalar, {
    description:
      'Units of `to` for one unit of `from`, above zero: at most 12 digits before the point and 12 behind it. `"0.92"` for euros of a dollar.',
  })
  rate!: string;
}

@InputType('DeleteExchangeRateInput', { description: 'Which rate goes.' })
export class DeleteExchangeRateInput extends MutationInput {
  @Field(() => ID, { description: 'The rate: `fxr_…`. `NOT_FOUND` where you have none of this id.' })
  exchangeRateId!: string;
}
