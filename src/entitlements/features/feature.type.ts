import { Field, ID, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enum-of.ts';
import { NodeType } from '../../graphql/node.type.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { DecimalScalar } from '../../graphql/scalars.ts';
import { MeterType } from '../../usage/meters/meter.type.ts';

export const FeatureTypeEnum = enumOf('FeatureType', 'What a feature says of who has it.', {
  BOOLEAN: 'That he has it.',
  LIMIT: 'How much of it, or that there is no limit.',
  ENUMERATED: 'Which of several options, from least to most.',
});

@ObjectType('Feature', {
  implements: NodeType,
  description:
    'Something that customers have or have not: products give it, and grants and overrides of a customer change that.',
})
export class FeatureType {
  @Field(() => ID, { description: 'Our id: `fea_…`.' })
  id!: string;

  @Field(() => String, {
    description:
      "What code asks for: `custom_domains`. It never changes. An active entitlement of Stripe's with this lookup key gives a BOOLEAN feature too.",
  })
  key!: string;

  @Field(() => String, { description: 'What people call it.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What it is. Null where nobody said.' })
  description!: string | null;

  @Field(() => FeatureTypeEnum, { description: 'What it says of who has it. It never changes.' })
  type!: keyof typeof FeatureTypeEnum;

  @RequiresScopes('meters:read')
  @Field(() => MeterType, {
    nullable: true,
    description: 'Of LIMIT: what counts against the limit. Null where nothing is counted.',
  })
  meter!: MeterType | null;

  @Field(() => [String], { description: 'Of ENUMERATED: from least to most. Empty for the others.' })
  options!: string[];

  @Field(() => Date, {
    nullable: true,
    description:
      'Since when it is archived: it is given to nobody else, and who has it keeps it. Null where it is not.',
  })
  archivedAt!: Date | null;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When anything of it last changed.' })
  updatedAt!: Date;
}

export const FeatureConnection = connectionOf('Feature', () => FeatureType);

@ObjectType('ProductFeature', {
  implements: NodeType,
  description: 'What a product gives of a feature, to everybody who has a live subscription to it.',
})
export class ProductFeatureType {
  @Field(() => ID, { description: 'Our id: `pfe_…`. Another value has another id.' })
  id!: string;

  @Field(() => FeatureType, { description: 'Of what.' })
  feature!: FeatureType;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Of LIMIT: how much. Null for without a limit, and for other types.',
  })
  limit!: string | null;

  @Field(() => Boolean, { description: 'Of LIMIT: whether there is no limit.' })
  unlimited!: boolean;

  @Field(() => Boolean, {
    description:
      "Of LIMIT: whether the limit is for each unit of the subscription's item: 5 seats of 10 GB are 50 GB. An item without a quantity (a metered price) counts as one.",
  })
  perUnit!: boolean;

  @Field(() => String, { nullable: true, description: 'Of ENUMERATED: which option. Null for other types.' })
  option!: string | null;

  @Field(() => Date, { description: 'Since when.' })
  startedAt!: Date;
}

export const ProductFeatureConnection = connectionOf('ProductFeature', () => ProductFeatureType);
