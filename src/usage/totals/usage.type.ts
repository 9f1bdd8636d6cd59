import { Field, ID, Int, ObjectType } from 'type-graphql';
import { enumOf } from '../../graphql/enum-of.ts';
import { DecimalScalar } from '../../graphql/scalars.ts';

export const UsageGroupingEnum = enumOf('UsageGrouping', 'What a range is divided into, in UTC.', {
  HOUR: 'Hours.',
  DAY: 'Days, from midnight to midnight in UTC.',
});

export const UsagePeriodEnum = enumOf('UsagePeriod', 'A time that follows from what a customer has.', {
  CURRENT_BILLING_PERIOD:
    'That of the subscription item whose price charges the meter; where no live subscription has one, that of the newest live subscription; without any, the calendar month in UTC.',
});

@ObjectType({ simpleResolvers: true })
abstract class UsageTime {
  @Field(() => Date, { description: 'Its begin, which is part of it.' })
  from!: Date;

  @Field(() => Date, { description: 'Its end, which is not part of it.' })
  to!: Date;

  @Field(() => DecimalScalar, {
    description: 'How much was used in it, as the meter counts, right to the last event. 0 where nothing was reported.',
  })
  value!: string;

  @Field(() => Int, { description: 'How many events count in it.' })
  events!: number;
}

@ObjectType('UsageBucket', { simpleResolvers: true, description: 'What was used in an hour or a day.' })
export class UsageBucketType extends UsageTime {}

@ObjectType('Usage', { simpleResolvers: true, description: 'What a customer used of a meter in a time.' })
export class UsageType extends UsageTime {
  @Field(() => ID, { description: 'Who used it: `pc_…`.' })
  customerId!: string;

  @Field(() => ID, { description: 'What was used: `met_…`.' })
  meterId!: string;

  @Field(() => String, { nullable: true, description: 'The unit of the meter. Null where nobody said.' })
  unit!: string | null;

  @Field(() => [UsageBucketType], {
    nullable: true,
    description:
      'Its hours or days in which anything was reported, the earliest first; the first and the last are cut to the range. For MAX, LAST and UNIQUE_COUNT they do not add up to `value`. Null without `groupBy`.',
  })
  buckets!: UsageBucketType[] | null;
}
