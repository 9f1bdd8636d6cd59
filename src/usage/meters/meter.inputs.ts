import { Field, ID, InputType } from 'type-graphql';
import { MutationInput } from '../../graphql/mutation-input.ts';
import type { Aggregation } from './aggregation.ts';
import { MeterAggregationEnum } from './meter.type.ts';

@InputType('CreateMeterInput', { description: 'A new meter, or one that Stripe has already.' })
export class CreateMeterInput extends MutationInput {
  @Field(() => String, {
    description:
      'What you report usage by: a letter a to z, then letters, digits and underscores, at most 80. `CONFLICT` where another meter of the project has it.',
  })
  eventName!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'What people call it, at most 250 characters. Needed, unless `stripeMeterId` is given: then it stays as Stripe has it where it is left out, and is changed there where it is not.',
  })
  displayName?: string | null;

  @Field(() => String, { nullable: true, description: 'What is counted, at most 30 characters: `calls`, `GB`.' })
  unit?: string | null;

  @Field(() => MeterAggregationEnum, { description: 'How events come to one number. It never changes.' })
  aggregation!: Aggregation;

  @Field(() => String, {
    nullable: true,
    description:
      "A meter that Stripe has already, `mtr_…`, instead of a new one. One of Stripe's `sum` can be SUM or COUNT, one of `count` COUNT, and one of `last` LAST, MAX or UNIQUE_COUNT: `BAD_USER_INPUT` otherwise. `NOT_FOUND` where Stripe has none of this id, `CONFLICT` where a project has it already.",
  })
  stripeMeterId?: string | null;
}

@InputType('UpdateMeterInput', { description: 'What changes of a meter. What is left out stays.' })
export class UpdateMeterInput extends MutationInput {
  @Field(() => ID, { description: 'The meter: `met_…`. `NOT_FOUND` where you have none of this id.' })
  meterId!: string;

  @Field(() => String, { nullable: true, description: 'What people call it, at most 250 characters.' })
  displayName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What is counted, at most 30 characters. Null takes it away.',
  })
  unit?: string | null;
}

@InputType('ArchiveMeterInput', { description: 'Which meter.' })
export class ArchiveMeterInput extends MutationInput {
  @Field(() => ID, { description: 'The meter: `met_…`. `NOT_FOUND` where you have none of this id.' })
  meterId!: string;
}

@InputType('ReactivateMeterInput', { description: 'Which meter.' })
export class ReactivateMeterInput extends MutationInput {
  @Field(() => ID, { description: 'The meter: `met_…`. `NOT_FOUND` where you have none of this id.' })
  meterId!: string;
}
