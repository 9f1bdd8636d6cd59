import { Field, ObjectType } from 'type-graphql';
import { enumOf } from '../../graphql/enum-of.ts';
import { CurrencyCodeScalar } from '../../graphql/scalars.ts';
import { MoneyMetricType, MrrChangeType } from '../metrics/metric.type.ts';
import type { Interval } from './intervals.ts';

export const AnalyticsIntervalEnum = enumOf<Interval>('AnalyticsInterval', 'How a time is divided, in UTC.', {
  DAY: 'By days.',
  WEEK: 'By weeks, which begin on Monday.',
  MONTH: 'By months.',
});

@ObjectType('MrrInterval', { simpleResolvers: true, description: 'A day, week or month, and what changed in it.' })
export class MrrIntervalType {
  @Field(() => Date, { description: 'Its begin, or that of the window.' })
  from!: Date;

  @Field(() => Date, { description: 'Its end, or that of the window; it is no part of it.' })
  to!: Date;

  @Field(() => MrrChangeType, { description: 'What changed. The `net` of all intervals add up to that of the window.' })
  change!: MrrChangeType;
}

@ObjectType('MrrMovements', {
  simpleResolvers: true,
  description: 'How the recurring revenue of one currency changed.',
})
export class MrrMovementsType {
  @Field(() => CurrencyCodeScalar, { description: 'The currency.' })
  currency!: string;

  @Field(() => MoneyMetricType, { description: 'Monthly recurring revenue at the begin of the window.' })
  start!: MoneyMetricType;

  @Field(() => MoneyMetricType, { description: 'The same at its end: `start` and all `net` add up to it.' })
  end!: MoneyMetricType;

  @Field(() => [MrrIntervalType], { description: 'Every interval of the window, the oldest first.' })
  intervals!: MrrIntervalType[];
}
