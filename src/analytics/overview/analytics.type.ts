import { Field, Int, ObjectType } from 'type-graphql';
import type { SubscriptionStatus } from '../../billing/subscriptions/subscription-status.ts';
import { SubscriptionStatusEnum } from '../../billing/subscriptions/subscription-status.type.ts';
import { CurrencyCodeScalar } from '../../graphql/scalars.ts';
import { UsedExchangeRateType } from '../exchange-rates/exchange-rate.type.ts';
import { CountMetricType, MoneyMetricType, MrrChangeType, RateMetricType } from '../metrics/metric.type.ts';

@ObjectType('AnalyticsAmounts', { simpleResolvers: true, description: 'Recurring revenue in one currency.' })
export class AnalyticsAmountsType {
  @Field(() => CurrencyCodeScalar, { description: 'The currency.' })
  currency!: string;

  @Field(() => MoneyMetricType, { description: 'Monthly recurring revenue at the end of the window.' })
  mrr!: MoneyMetricType;

  @Field(() => MoneyMetricType, { description: 'Twelve times as much.' })
  arr!: MoneyMetricType;

  @Field(() => MoneyMetricType, { description: 'What trials will add, if they are kept.' })
  trialMrr!: MoneyMetricType;

  @Field(() => MoneyMetricType, {
    nullable: true,
    description: '`mrr` for each customer who pays. Null where nobody does.',
  })
  arpa!: MoneyMetricType | null;

  @Field(() => CountMetricType, { description: 'How many customers pay.' })
  payingCustomerCount!: CountMetricType;

  @Field(() => RateMetricType, { description: 'What part of the revenue was lost in the window.' })
  grossRevenueChurnRate!: RateMetricType;

  @Field(() => RateMetricType, { description: 'The same, less what existing subscriptions brought.' })
  netRevenueChurnRate!: RateMetricType;

  @Field(() => MoneyMetricType, {
    description: 'Monthly recurring revenue at the begin of the window, without trials.',
  })
  mrrAtStart!: MoneyMetricType;

  @Field(() => MrrChangeType, { description: 'How it changed in the window, trials never counted in.' })
  change!: MrrChangeType;
}

@ObjectType('SubscriptionStatusCount', { simpleResolvers: true, description: 'How many subscriptions have a status.' })
export class SubscriptionStatusCountType {
  @Field(() => SubscriptionStatusEnum, { description: 'The status.' })
  status!: SubscriptionStatus;

  @Field(() => CountMetricType, { description: 'How many have it, 0 where none.' })
  count!: CountMetricType;
}

@ObjectType('CustomerGrowthDay', { simpleResolvers: true, description: 'How many customers came and went on a day.' })
export class CustomerGrowthDayType {
  @Field(() => String, { description: 'The day (UTC): `2026-11-21`.' })
  day!: string;

  @Field(() => Int, { description: 'How many were created.' })
  created!: number;

  @Field(() => Int, { description: 'How many were deleted.' })
  deleted!: number;

  @Field(() => Int, { description: 'How many there were at its end, or at the end of the window.' })
  total!: number;
}

@ObjectType('CustomerGrowth', { simpleResolvers: true, description: 'How many customers came and went, by day.' })
export class CustomerGrowthType {
  @Field(() => String, { description: 'What exactly is counted.' })
  definition!: string;

  @Field(() => Date, { description: 'The end of the window.' })
  asOf!: Date;

  @Field(() => [CustomerGrowthDayType], { description: 'Every day that the window touches, the oldest first.' })
  days!: CustomerGrowthDayType[];
}

@ObjectType('AnalyticsSnapshot', {
  simpleResolvers: true,
  description:
    'The business at the end of a window, and what happened in it. Revenue, subscriptions and customers are read in one transaction: they are of one moment.',
})
export class AnalyticsSnapshotType {
  @Field(() => Date, { description: 'The begin of the window.' })
  from!: Date;

  @Field(() => Date, { description: "Its end, by Stripe's clock: what happened before it is counted." })
  asOf!: Date;

  @Field(() => [AnalyticsAmountsType], {
    description:
      'For each currency that subscriptions were in by the end of the window, or for the one that was asked for; by the codes.',
  })
  amounts!: AnalyticsAmountsType[];

  @Field(() => AnalyticsAmountsType, {
    nullable: true,
    description: 'All `amounts` in the currency of `convertTo`. Null where it was not given.',
  })
  converted!: AnalyticsAmountsType | null;

  @Field(() => [UsedExchangeRateType], { description: 'What `converted` was converted by.' })
  exchangeRates!: UsedExchangeRateType[];

  @Field(() => CountMetricType, { description: 'How many customers there are.' })
  customerCount!: CountMetricType;

  @Field(() => CountMetricType, { description: 'How many of them pay, in any currency.' })
  payingCustomerCount!: CountMetricType;

  @Field(() => CountMetricType, { description: 'How many subscriptions are active, in any currency.' })
  activeSubscriptionCount!: CountMetricType;

  @Field(() => RateMetricType, { description: 'What part of the active subscriptions was canceled in the window.' })
  churnRate!: RateMetricType;

  @Field(() => [SubscriptionStatusCountType], { description: 'How many subscriptions have each status, zeros too.' })
  subscriptions!: SubscriptionStatusCountType[];

  @Field(() => CustomerGrowthType, { description: 'How many customers came and went, by day.' })
  customerGrowth!: CustomerGrowthType;
}
