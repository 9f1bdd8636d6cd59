import { Field, ID, ObjectType } from 'type-graphql';
import type { SubscriptionStatus } from '../../billing/subscriptions/subscription-status.ts';
import { SubscriptionStatusEnum } from '../../billing/subscriptions/subscription-status.type.ts';
import { connectionOf } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enum-of.ts';
import { MoneyMetricType } from '../metrics/metric.type.ts';
import type { MovementType } from '../revenue/movement-types.ts';

export const MrrMovementTypeEnum = enumOf<MovementType>('MrrMovementType', 'How recurring revenue changed.', {
  NEW: 'It began.',
  EXPANSION: 'It grew.',
  CONTRACTION: 'It shrank, and is above zero still.',
  CHURN: 'It came to zero.',
  REACTIVATION: 'It had come to zero, and began again.',
});

@ObjectType('MrrMovement', {
  simpleResolvers: true,
  description: 'One change of the recurring revenue of a subscription, or of its status.',
})
export class MrrMovementType {
  @Field(() => ID, { description: 'Its id: `rmv_…`.' })
  id!: string;

  @Field(() => MrrMovementTypeEnum, {
    nullable: true,
    description: 'How. Null where only the status changed, or what a trial will come to.',
  })
  type!: MovementType | null;

  @Field(() => String, {
    description: 'By how much, in minor units a month, as a fraction in lowest terms: `1250/3`, `-1250`.',
  })
  exact!: string;

  @Field(() => String, { description: 'By how much what its trial will come to changed, likewise.' })
  trialExact!: string;

  @Field(() => SubscriptionStatusEnum, {
    nullable: true,
    description: 'The status before. Null for the first movement.',
  })
  statusBefore!: SubscriptionStatus | null;

  @Field(() => SubscriptionStatusEnum, { description: 'The status after.' })
  statusAfter!: SubscriptionStatus;

  @Field(() => Date, { description: "When, by Stripe's clock." })
  occurredAt!: Date;

  @Field(() => Date, { description: 'When it was written down here.' })
  recordedAt!: Date;
}

@ObjectType('MrrContributor', {
  simpleResolvers: true,
  description: 'A subscription that recurring revenue is the sum of, and all that its part follows from.',
})
export class MrrContributorType {
  @Field(() => ID, { description: 'The subscription: `ps_…`.' })
  subscriptionId!: string;

  @Field(() => ID, { description: 'Its customer: `pc_…`.' })
  customerId!: string;

  @Field(() => SubscriptionStatusEnum, { description: 'The status that it had.' })
  status!: SubscriptionStatus;

  @Field(() => MoneyMetricType, {
    description:
      'Its part of `mrr`. The `exact` parts of all contributors add up to the `exact` of `analytics` of the same instant and currency.',
  })
  mrr!: MoneyMetricType;

  @Field(() => MoneyMetricType, {
    description: 'Its part of `trialMrr`, which add up likewise where trials are asked for.',
  })
  trialMrr!: MoneyMetricType;

  @Field(() => [MrrMovementType], {
    description: 'Its movements in the currency before the instant, the oldest first: its parts are their sums.',
  })
  movements!: MrrMovementType[];
}

export const MrrContributorConnection = connectionOf('MrrContributor', () => MrrContributorType);
