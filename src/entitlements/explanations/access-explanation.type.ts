import { Field, ID, Int, ObjectType } from 'type-graphql';
import { enumOf } from '../../graphql/enum-of.ts';
import { DecimalScalar } from '../../graphql/scalars.ts';

export const AccessSourceKindEnum = enumOf('AccessSourceKind', 'What gives a feature, or takes it.', {
  SUBSCRIPTION: 'An item of a subscription, to a product that gave the feature.',
  GRACE: 'The same, while the subscription was PAST_DUE: it counts within the grace period.',
  STRIPE_ENTITLEMENT: "An active entitlement of Stripe's with the feature's key.",
  GRANT: 'A grant: it adds.',
  OVERRIDE: 'An override: the one that was made last counts, and nothing else does.',
});

@ObjectType('AccessSource', {
  simpleResolvers: true,
  description: 'Something that gave a customer a feature, took it from him, or could have, as it stood at the instant.',
})
export class AccessSourceType {
  @Field(() => AccessSourceKindEnum, { description: 'What it is.' })
  kind!: keyof typeof AccessSourceKindEnum;

  @Field(() => Boolean, {
    description:
      'Whether the answer was made of it. False where it had not begun or had ended, where its subscription gave no access, and where an override stood instead.',
  })
  counted!: boolean;

  @Field(() => Date, { description: 'Since when it stood like this.' })
  from!: Date;

  @Field(() => Date, {
    nullable: true,
    description: 'Until when it stands, or stood, as is known now. Null where no end is known.',
  })
  until!: Date | null;

  @Field(() => Boolean, { description: 'False for an override that takes the feature away.' })
  allowed!: boolean;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'Of LIMIT: how much it gave, times the quantity where it is for each unit. Null for without a limit, and for other types.',
  })
  limit!: string | null;

  @Field(() => Boolean, { description: 'Of LIMIT: whether it gave it without a limit.' })
  unlimited!: boolean;

  @Field(() => String, { nullable: true, description: 'Of ENUMERATED: which option it gave. Null for other types.' })
  option!: string | null;

  @Field(() => ID, { nullable: true, description: 'Of SUBSCRIPTION and GRACE: `ps_…`. Null for others.' })
  subscriptionId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of SUBSCRIPTION and GRACE: the status then, as `SubscriptionStatus` has it. Null for others.',
  })
  subscriptionStatus!: string | null;

  @Field(() => ID, { nullable: true, description: 'Of SUBSCRIPTION and GRACE: the product, `pp_…`. Null for others.' })
  productId!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Of SUBSCRIPTION and GRACE: the quantity of the item then. Null for a metered price, and for others.',
  })
  quantity!: number | null;

  @Field(() => ID, { nullable: true, description: 'Of GRANT and OVERRIDE: `fgr_…`. Null for others.' })
  grantId!: string | null;

  @Field(() => String, { nullable: true, description: 'Of GRANT and OVERRIDE: why. Null for others.' })
  reason!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of GRANT and OVERRIDE: what decided, `API_KEY` or `OPERATOR`. Null for others.',
  })
  actorKind!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Of GRANT and OVERRIDE: the id of that key or operator. Null for others.',
  })
  actorId!: string | null;

  @Field(() => String, { nullable: true, description: "Of STRIPE_ENTITLEMENT: Stripe's `feat_…`. Null for others." })
  stripeFeatureId!: string | null;
}

@ObjectType('AccessExplanation', {
  simpleResolvers: true,
  description: 'Why a customer had a feature at an instant, or had it not, whatever he had used of it by then.',
})
export class AccessExplanationType {
  @Field(() => Date, { description: 'The instant.' })
  at!: Date;

  @Field(() => Boolean, { description: 'Whether he had it.' })
  has!: boolean;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Of LIMIT: how much. Null for without a limit, where he had it not, and for other types.',
  })
  limit!: string | null;

  @Field(() => Boolean, { description: 'Of LIMIT: whether there was no limit.' })
  unlimited!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Of ENUMERATED: which option. Null where he had it not, and for other types.',
  })
  option!: string | null;

  @Field(() => [AccessSourceType], { description: 'All that gave it, took it, or could have.' })
  sources!: AccessSourceType[];

  @Field(() => Date, {
    nullable: true,
    description:
      'Since when anything is known of his subscriptions: when the first of them was told of here. What an earlier instant answers leaves subscriptions out. Null where he never had one.',
  })
  subscriptionsKnownSince!: Date | null;
}
