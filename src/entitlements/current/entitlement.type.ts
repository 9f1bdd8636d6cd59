import { Field, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.ts';
import { DecimalScalar } from '../../graphql/scalars.ts';
import { FeatureType } from '../features/feature.type.ts';

/** How much of a feature a customer has now, and what is left of it. */
@ObjectType()
abstract class Extent {
  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Of LIMIT: how much. Null for without a limit, where he has it not, and for other types.',
  })
  limit!: string | null;

  @Field(() => Boolean, { description: 'Of LIMIT: whether there is no limit.' })
  unlimited!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Of ENUMERATED: which option. Null where he has it not, and for other types.',
  })
  option!: string | null;

  @Field(() => Date, {
    nullable: true,
    description:
      'When time alone may change it next: a grant begins or expires, or a grace period ends. Null where nothing is known to come. What Stripe tells may change it earlier.',
  })
  changesAt!: Date | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'Of a LIMIT with a meter: what was used of it in the current billing period, in the unit of the meter. It may be more than the limit. Null for others.',
  })
  used!: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Of a LIMIT with a meter: what reservations hold of it. Null for others.',
  })
  held!: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'Of a LIMIT with a meter: the limit less what is used and held, 0 or more. Null without a limit, and for others.',
  })
  remaining!: string | null;

  @Field(() => Date, {
    nullable: true,
    description:
      'Of a LIMIT with a meter: the end of the current billing period, from which on usage is counted anew. Null for others.',
  })
  resetsAt!: Date | null;
}

@ObjectType('Entitlement', {
  description:
    'A feature that a customer has now, by his live subscriptions, by Stripe, by grants, or by an override. What he has not has no entitlement.',
})
export class EntitlementType extends Extent {
  @Field(() => FeatureType, { description: 'What he has.' })
  feature!: FeatureType;

  @Field(() => Boolean, { description: 'Whether an override says so, in place of what he bought and was granted.' })
  overridden!: boolean;
}

export const EntitlementConnection = connectionOf('Entitlement', () => EntitlementType);

@ObjectType('FeatureAccess', { description: 'Whether a customer may use a feature now, and how much of it.' })
export class FeatureAccessType extends Extent {
  @Field(() => FeatureType, { description: 'What was asked for.' })
  feature!: FeatureType;

  @Field(() => Boolean, {
    description: 'Whether he has it. A limit that is used up is still his: `remaining` says what is left.',
  })
  allowed!: boolean;
}
