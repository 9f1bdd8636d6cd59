import { Field, ID, ObjectType } from 'type-graphql';
import { CustomerType } from '../../billing/customers/customer.type.ts';
import { connectionOf } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enum-of.ts';
import { NodeType } from '../../graphql/node.type.ts';
import { DecimalScalar } from '../../graphql/scalars.ts';
import { FeatureType } from '../features/feature.type.ts';

export const FeatureGrantKindEnum = enumOf('FeatureGrantKind', 'How a grant counts.', {
  GRANT: 'It adds to what the customer has otherwise.',
  OVERRIDE: 'It stands instead of all that the customer has otherwise. Of several, the one that was made last counts.',
});

@ObjectType('FeatureGrant', {
  implements: NodeType,
  description:
    'What somebody of yours decided about one customer and one feature. It is never deleted, and nothing that Stripe tells touches it: it is revoked, or it expires.',
})
export class FeatureGrantType {
  @Field(() => ID, { description: 'Our id: `fgr_…`.' })
  id!: string;

  @Field(() => FeatureGrantKindEnum, { description: 'How it counts.' })
  kind!: keyof typeof FeatureGrantKindEnum;

  @Field(() => CustomerType, { description: 'Whose it is.' })
  customer!: CustomerType;

  @Field(() => FeatureType, { description: 'Of what.' })
  feature!: FeatureType;

  @Field(() => Boolean, { description: 'False for an override that takes the feature away.' })
  allowed!: boolean;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Of LIMIT: how much. Null for without a limit, and for other types.',
  })
  limit!: string | null;

  @Field(() => Boolean, { description: 'Of LIMIT: whether there is no limit.' })
  unlimited!: boolean;

  @Field(() => String, { nullable: true, description: 'Of ENUMERATED: which option. Null for other types.' })
  option!: string | null;

  @Field(() => String, { description: 'Why, as it was given. Customers never see it.' })
  reason!: string;

  @Field(() => String, { description: 'What decided: `API_KEY` or `OPERATOR`.' })
  actorKind!: string;

  @Field(() => ID, { description: 'The id of that key or operator.' })
  actorId!: string;

  @Field(() => Boolean, { description: 'Whether it counts now: it has begun, and neither expired nor was it revoked.' })
  active!: boolean;

  @Field(() => Date, { description: 'Since when it counts, or from when on.' })
  startsAt!: Date;

  @Field(() => Date, { nullable: true, description: 'Until when it counts. Null for until it is revoked.' })
  expiresAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was revoked. Null where nobody did.' })
  revokedAt!: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'What revoked it: `API_KEY` or `OPERATOR`. Null where nobody did.',
  })
  revokerKind!: string | null;

  @Field(() => ID, { nullable: true, description: 'The id of that key or operator. Null where nobody did.' })
  revokerId!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was revoked. Null where nobody did.' })
  revokeReason!: string | null;

  @Field(() => Date, { description: 'When it was decided.' })
  createdAt!: Date;
}

export const FeatureGrantConnection = connectionOf('FeatureGrant', () => FeatureGrantType);
