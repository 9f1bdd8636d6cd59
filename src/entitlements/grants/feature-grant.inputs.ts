import { Field, ID, InputType } from 'type-graphql';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { DecimalScalar } from '../../graphql/scalars.ts';

@InputType()
abstract class FeatureDecision extends MutationInput {
  @Field(() => ID, { description: 'The customer: `pc_…`. `NOT_FOUND` where you have none of this id.' })
  customerId!: string;

  @Field(() => ID, { description: 'The feature: its key, or its id `fea_…`. `NOT_FOUND` where you have none.' })
  feature!: string;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Of LIMIT: how much, a decimal of 0 or more with at most 15 digits and 12 decimals: `"100"`, `"0.5"`.',
  })
  limit?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Of LIMIT, in place of `limit`: true for without a limit.' })
  unlimited?: boolean | null;

  @Field(() => String, { nullable: true, description: "Of ENUMERATED: one of the feature's options." })
  option?: string | null;

  @Field(() => String, { description: 'Why, at most 500 characters: explainAccess tells it. Customers never see it.' })
  reason!: string;

  @Field(() => Date, {
    nullable: true,
    description: 'From when on it counts: at once where it is left out, or has passed.',
  })
  startsAt?: Date | null;

  @Field(() => Date, {
    nullable: true,
    description:
      'Until when it counts: until it is revoked where it is left out. `BAD_USER_INPUT` where it has passed, or is not later than `startsAt`.',
  })
  expiresAt?: Date | null;
}

@InputType('GrantFeatureInput', { description: 'What a customer gets besides what he has otherwise.' })
export class GrantFeatureInput extends FeatureDecision {}

@InputType('OverrideFeatureInput', { description: 'What a customer has instead of all that he has otherwise.' })
export class OverrideFeatureInput extends FeatureDecision {
  @Field(() => Boolean, {
    defaultValue: true,
    description: 'False takes the feature away: then there is no limit and no option to give.',
  })
  allowed!: boolean;
}

@InputType('RevokeFeatureGrantInput', { description: 'Which grant or override ends now.' })
export class RevokeFeatureGrantInput extends MutationInput {
  @Field(() => ID, { description: 'The grant: `fgr_…`. `NOT_FOUND` where you have none of this id.' })
  grantId!: string;

  @Field(() => String, { description: 'Why, at most 500 characters.' })
  reason!: string;
}
