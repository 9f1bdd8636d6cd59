import { Directive, Field, ID, InputType } from 'type-graphql';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { DecimalScalar } from '../../graphql/scalars.ts';
import { FeatureTypeEnum } from './feature.type.ts';

const which = 'The feature: its key, or its id `fea_…`. `NOT_FOUND` where you have none.';

@InputType('FeatureBy', { description: 'How a feature is found: exactly one of these.' })
@Directive('@oneOf')
export class FeatureBy {
  @Field(() => ID, { nullable: true, description: 'Our id: `fea_…`.' })
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'Its key.' })
  key?: string | null;
}

@InputType('CreateFeatureInput', { description: 'A new feature.' })
export class CreateFeatureInput extends MutationInput {
  @Field(() => String, {
    description:
      'What code asks for, unique in the project and environment: lower case letters, digits and underscores, at most 80 characters, a letter first: `custom_domains`. It never changes.',
  })
  key!: string;

  @Field(() => String, { description: 'What people call it, at most 250 characters.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What it is, at most 5,000 characters.' })
  description?: string | null;

  @Field(() => FeatureTypeEnum, { description: 'What it says of who has it. It never changes.' })
  type!: keyof typeof FeatureTypeEnum;

  @Field(() => [String], {
    nullable: true,
    description: 'Of ENUMERATED: 1 to 50 different options of at most 80 characters, from least to most.',
  })
  options?: string[] | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Of LIMIT: the meter that counts against the limit, by its id `met_…` or its event name. Without one, nothing says how much is left. `NOT_FOUND` where you have none; `CONFLICT` where it is archived.',
  })
  meter?: string | null;
}

@InputType('UpdateFeatureInput', { description: 'What changes of a feature. What is left out stays.' })
export class UpdateFeatureInput extends MutationInput {
  @Field(() => ID, { description: which })
  feature!: string;

  @Field(() => String, { nullable: true, description: 'What people call it, at most 250 characters.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'What it is, at most 5,000 characters. Null takes it away.' })
  description?: string | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Of ENUMERATED: all options, from least to most. New ones may stand anywhere; those of before stay, and in their order (`BAD_USER_INPUT`).',
  })
  options?: string[] | null;
}

@InputType('ArchiveFeatureInput', { description: 'Which feature.' })
export class ArchiveFeatureInput extends MutationInput {
  @Field(() => ID, { description: which })
  feature!: string;
}

@InputType('ReactivateFeatureInput', { description: 'Which feature.' })
export class ReactivateFeatureInput extends MutationInput {
  @Field(() => ID, { description: which })
  feature!: string;
}

@InputType('SetProductFeatureInput', { description: 'What a product gives of a feature.' })
export class SetProductFeatureInput extends MutationInput {
  @Field(() => ID, { description: 'The product: `pp_…`. `NOT_FOUND` where you have none of this id.' })
  productId!: string;

  @Field(() => ID, { description: which })
  feature!: string;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Of LIMIT: how much, a decimal of 0 or more with at most 15 digits and 12 decimals: `"100"`, `"0.5"`.',
  })
  limit?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Of LIMIT, in place of `limit`: true for without a limit.' })
  unlimited?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Of LIMIT: true where the limit is for each unit of the subscription's item.",
  })
  perUnit?: boolean | null;

  @Field(() => String, { nullable: true, description: "Of ENUMERATED: one of the feature's options." })
  option?: string | null;
}

@InputType('RemoveProductFeatureInput', { description: 'What a product gives no more.' })
export class RemoveProductFeatureInput extends MutationInput {
  @Field(() => ID, { description: 'The product: `pp_…`. `NOT_FOUND` where you have none of this id.' })
  productId!: string;

  @Field(() => ID, { description: which })
  feature!: string;
}
