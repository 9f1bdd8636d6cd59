import { Field, ID, InputType, Int } from 'type-graphql';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { DecimalScalar } from '../../graphql/scalars.ts';

@InputType('ReserveUsageInput', { description: 'What a customer is about to use.' })
export class ReserveUsageInput extends MutationInput {
  @Field(() => ID, { description: 'The customer: `pc_…`. `NOT_FOUND` where you have none of this id.' })
  customerId!: string;

  @Field(() => ID, {
    description:
      'The feature: its key, or its id `fea_…`. `NOT_FOUND` where you have none; `BAD_USER_INPUT` for one that no meter counts against, or whose meter does not add up (SUM, COUNT).',
  })
  feature!: string;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      "How much, in the unit of the feature's meter: more than 0, with at most 15 digits that count and 12 decimals; 1 where it is left out, and always 1 for a meter of COUNT.",
  })
  amount?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'For how many seconds it is held: 1 to 86,400 (a day), 300 where it is left out.',
  })
  ttl?: number | null;
}

@InputType('CommitUsageInput', { description: 'What is held becomes usage.' })
export class CommitUsageInput extends MutationInput {
  @Field(() => ID, { description: 'The reservation: `rsv_…`. `NOT_FOUND` where you have none of this id.' })
  reservationId!: string;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'How much was used: more than 0, and no more than is held. All of it where it is left out. The rest is free again.',
  })
  amount?: string | null;
}

@InputType('ReleaseUsageInput', { description: 'What is held is given free.' })
export class ReleaseUsageInput extends MutationInput {
  @Field(() => ID, { description: 'The reservation: `rsv_…`. `NOT_FOUND` where you have none of this id.' })
  reservationId!: string;
}
