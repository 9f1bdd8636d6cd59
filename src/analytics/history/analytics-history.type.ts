import { Field, Int, ObjectType } from 'type-graphql';
import { CurrencyCodeScalar } from '../../graphql/scalars.ts';
import { UsedExchangeRateType } from '../exchange-rates/exchange-rate.type.ts';
import { CountMetricType, MoneyMetricType, MrrChangeType } from '../metrics/metric.type.ts';

@ObjectType('AnalyticsPoint', {
  simpleResolvers: true,
  description: 'A day, week or month: where recurring revenue stood at its end, and what changed in it.',
})
export class AnalyticsPointType {
  @Field(() => Date, { description: 'Its begin, or that of the history.' })
  from!: Date;

  @Field(() => Date, { description: 'Its end, or that of the history; now, where it is running.' })
  to!: Date;

  @Field(() => Boolean, { description: 'Whether it is not over: then it is as of now.' })
  isRunning!: boolean;

  @Field(() => MoneyMetricType, { description: 'Monthly recurring revenue at its end, without trials.' })
  mrr!: MoneyMetricType;

  @Field(() => MoneyMetricType, { description: 'Twelve times as much.' })
  arr!: MoneyMetricType;

  @Field(() => MoneyMetricType, { description: 'What trials would have added.' })
  trialMrr!: MoneyMetricType;

  @Field(() => CountMetricType, { description: 'How many customers paid.' })
  payingCustomerCount!: CountMetricType;

  @Field(() => CountMetricType, { description: 'How many subscriptions were paid for.' })
  payingSubscriptionCount!: CountMetricType;

  @Field(() => MrrChangeType, { description: 'How it changed. All `net` add up to the difference of any two points.' })
  change!: MrrChangeType;
}

@ObjectType('AnalyticsHistory', {
  simpleResolvers: true,
  description: 'The recurring revenue of one currency over a time.',
})
export class AnalyticsHistoryType {
  @Field(() => CurrencyCodeScalar, { description: 'The currency.' })
  currency!: string;

  @Field(() => Date, {
    nullable: true,
    description:
      'When the last of the snapshots was made that these numbers start from; what was written down later is in them too. Null where there is none: then all was made of movements.',
  })
  computedAt!: Date | null;

  @Field(() => [AnalyticsPointType], { description: 'Every interval, the oldest first.' })
  points!: AnalyticsPointType[];

  @Field(() => [UsedExchangeRateType], {
    description: 'What it was converted by, the same for every point. Empty where nothing was.',
  })
  exchangeRates!: UsedExchangeRateType[];
}

@ObjectType('RecomputedDay', {
  simpleResolvers: true,
  description: 'A day of a currency whose snapshot was missing, or did not say what its movements come to.',
})
export class RecomputedDayType {
  @Field(() => String, { description: 'The day (UTC): `2026-11-21`.' })
  day!: string;

  @Field(() => CurrencyCodeScalar, { description: 'The currency.' })
  currency!: string;

  @Field(() => String, { nullable: true, description: 'The exact `mrr` that it said. Null where it was missing.' })
  mrrBefore!: string | null;

  @Field(() => String, { description: 'The exact `mrr` that it says now.' })
  mrrAfter!: string;
}

@ObjectType('RecomputeAnalyticsPayload', { simpleResolvers: true, description: 'What recomputeAnalytics answers.' })
export class RecomputeAnalyticsPayload {
  @Field(() => Int, { description: 'How many days were made again: those on or after the first movement.' })
  days!: number;

  @Field(() => [RecomputedDayType], {
    description:
      'Those that were not the same, by day and currency: what differs may be another number than `mrr`. Usually none.',
  })
  differing!: RecomputedDayType[];
}
