import { Field, ID, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.ts';
import { NodeType } from '../../graphql/node.type.ts';
import { CurrencyCodeScalar, DecimalScalar } from '../../graphql/scalars.ts';

@ObjectType('ExchangeRate', {
  implements: NodeType,
  description:
    'What one unit of a currency is worth in another, as you said it. It holds from its day on, until the day of another one of the pair. Nothing fetches rates, and none is derived from its reverse.',
})
export class ExchangeRateType {
  @Field(() => ID, { description: 'Our id: `fxr_…`.' })
  id!: string;

  @Field(() => CurrencyCodeScalar, { description: 'The currency that is converted.' })
  from!: string;

  @Field(() => CurrencyCodeScalar, { description: 'The currency that it becomes.' })
  to!: string;

  @Field(() => String, { description: 'The first day (UTC) that it holds for: `2026-11-21`.' })
  day!: string;

  @Field(() => DecimalScalar, {
    description: 'Units of `to` for one unit of `from`: 0.92 euros for a dollar, 150 yen for a dollar.',
  })
  rate!: string;

  @Field(() => Date, { description: 'When the pair was first given a rate of this day.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When the rate last changed.' })
  updatedAt!: Date;
}

@ObjectType('UsedExchangeRate', { simpleResolvers: true, description: 'A rate that amounts were converted by.' })
export class UsedExchangeRateType {
  @Field(() => CurrencyCodeScalar, { description: 'The currency that was converted.' })
  from!: string;

  @Field(() => CurrencyCodeScalar, { description: 'The currency that it became.' })
  to!: string;

  @Field(() => String, {
    description: 'The day (UTC) that the rate was set for: the latest that is not after what is converted.',
  })
  day!: string;

  @Field(() => DecimalScalar, { description: 'Units of `to` for one unit of `from`.' })
  rate!: string;
}

export const ExchangeRateConnection = connectionOf('ExchangeRate', () => ExchangeRateType);
