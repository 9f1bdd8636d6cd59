import { Arg, Field, ObjectType } from 'type-graphql';
import { formatMoney, type Money } from './format-money.ts';
import { BigIntScalar, CurrencyCodeScalar } from './scalars.ts';

export type { Money };

@ObjectType('Money', { simpleResolvers: true, description: 'An amount of a currency. Never a float.' })
export class MoneyType implements Money {
  @Field(() => BigIntScalar, {
    description:
      'In minor units of the currency, as Stripe counts them: `1999` is 19.99 USD, 1999 JPY (no decimals) and 1.999 KWD (three).',
  })
  amount!: bigint;

  @Field(() => CurrencyCodeScalar, { description: 'The currency.' })
  currency!: string;

  @Field(() => String, { description: 'The amount as people of a locale write it: `$19.99`.' })
  formatted(
    @Arg('locale', () => String, { defaultValue: 'en', description: 'A BCP 47 language tag: `en`, `de-CH`.' })
    locale: string,
  ): string {
    return formatMoney(this, locale);
  }
}
