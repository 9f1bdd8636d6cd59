import { Field, Int, ObjectType } from 'type-graphql';
import { type Money, MoneyType } from '../../graphql/money.type.ts';
import { DecimalScalar } from '../../graphql/scalars.ts';

const definition = 'What exactly is counted, in a sentence.';
const asOf =
  'What happened before this instant is counted, by the clock of Stripe; what happened at it or later is not.';

@ObjectType('MoneyMetric', { simpleResolvers: true, description: 'An amount, and what it is.' })
export class MoneyMetricType {
  @Field(() => MoneyType, { description: 'The amount in whole minor units: rounded once, a half away from zero.' })
  value!: Money;

  @Field(() => String, {
    description: 'The same before it was rounded, in minor units, as a fraction in lowest terms: `1250/3`, or `1250`.',
  })
  exact!: string;

  @Field(() => String, { description: definition })
  definition!: string;

  @Field(() => Date, { description: asOf })
  asOf!: Date;
}

@ObjectType('CountMetric', { simpleResolvers: true, description: 'A number of things, and what they are.' })
export class CountMetricType {
  @Field(() => Int, { description: 'How many.' })
  value!: number;

  @Field(() => String, { description: definition })
  definition!: string;

  @Field(() => Date, { description: asOf })
  asOf!: Date;
}

@ObjectType('RateMetric', { simpleResolvers: true, description: 'A part of something, and what of what.' })
export class RateMetricType {
  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'Numerator by denominator, to six decimals, a half away from zero: `"0.05"` are five percent. Null where the denominator is 0.',
  })
  value!: string | null;

  @Field(() => String, {
    description: 'Of which part: a number of things, or minor units, exactly: `7`, or `1250/3`.',
  })
  numerator!: string;

  @Field(() => String, { description: 'Of what, in the same unit.' })
  denominator!: string;

  @Field(() => String, { description: definition })
  definition!: string;

  @Field(() => Date, { description: asOf })
  asOf!: Date;
}

@ObjectType('MrrChange', {
  simpleResolvers: true,
  description:
    'How recurring revenue changed in a time, by kind. Amounts are rounded so that the five kinds add up to `net`, and `net` to the difference of the recurring revenue at the end and at the begin, as both are published.',
})
export class MrrChangeType {
  @Field(() => MoneyMetricType, { description: 'Of subscriptions that began to pay. Zero or more.' })
  new!: MoneyMetricType;

  @Field(() => MoneyMetricType, { description: 'Of subscriptions that pay more. Zero or more.' })
  expansion!: MoneyMetricType;

  @Field(() => MoneyMetricType, { description: 'Of subscriptions that pay less. Zero or less.' })
  contraction!: MoneyMetricType;

  @Field(() => MoneyMetricType, { description: 'Of subscriptions that pay nothing any more. Zero or less.' })
  churn!: MoneyMetricType;

  @Field(() => MoneyMetricType, { description: 'Of subscriptions that pay again. Zero or more.' })
  reactivation!: MoneyMetricType;

  @Field(() => MoneyMetricType, { description: 'All of it.' })
  net!: MoneyMetricType;
}
