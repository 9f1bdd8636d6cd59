import { Field, ObjectType } from 'type-graphql';
import { ReferralStatusEnum } from '../../referrals/life/referral.type.ts';
import { CountMetricType, MoneyMetricType } from '../metrics/metric.type.ts';

@ObjectType('WebhookStatistics', {
  simpleResolvers: true,
  description:
    "How the events of Stripe fared that came in the window, for the whole team: of `received`, each is in one of the others. What became of them is as of now, not of the window's end.",
})
export class WebhookStatisticsType {
  @Field(() => CountMetricType, { description: 'How many came.' })
  received!: CountMetricType;

  @Field(() => CountMetricType, { description: 'Of how many the object was brought to the rows.' })
  processed!: CountMetricType;

  @Field(() => CountMetricType, { description: 'How many say nothing that is kept.' })
  ignored!: CountMetricType;

  @Field(() => CountMetricType, { description: 'How many wait.' })
  pending!: CountMetricType;

  @Field(() => CountMetricType, { description: 'How many failed, and are tried again.' })
  failed!: CountMetricType;

  @Field(() => CountMetricType, { description: 'How many failed for good.' })
  dead!: CountMetricType;

  @Field(() => CountMetricType, { description: 'How many belong to no project.' })
  unrouted!: CountMetricType;
}

@ObjectType('ReferralStatusCount', { simpleResolvers: true, description: 'How many referrals have a status.' })
export class ReferralStatusCountType {
  @Field(() => ReferralStatusEnum, { description: 'The status.' })
  status!: keyof typeof ReferralStatusEnum;

  @Field(() => CountMetricType, { description: 'How many have it, 0 where none.' })
  count!: CountMetricType;
}

@ObjectType('ReferralStatistics', {
  simpleResolvers: true,
  description: 'What became of the referrals that were applied in the window, and what was paid for referrals in it.',
})
export class ReferralStatisticsType {
  @Field(() => CountMetricType, { description: 'How many were applied.' })
  applied!: CountMetricType;

  @Field(() => [ReferralStatusCountType], { description: 'How many of them have each status, zeros too.' })
  statuses!: ReferralStatusCountType[];

  @Field(() => [MoneyMetricType], {
    description:
      'What Stripe was made to credit in the window, less what it was made to take back: one for each currency.',
  })
  creditPaid!: MoneyMetricType[];
}
