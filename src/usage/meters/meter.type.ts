import { Field, ID, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enum-of.ts';
import { NodeType } from '../../graphql/node.type.ts';
import type { Aggregation } from './aggregation.ts';

export const MeterAggregationEnum = enumOf<Aggregation>(
  'MeterAggregation',
  'How the events of a time come to one number.',
  {
    SUM: 'Their values are added up.',
    COUNT: 'Each event counts as one.',
    MAX: 'The largest value. Stripe is told it as the last value of a meter.',
    LAST: 'The value of the latest event, by its timestamp.',
    UNIQUE_COUNT:
      'How many different `uniqueValue`s there are, such as ids of active users. Stripe is told the number as the last value of a meter.',
  },
);

@ObjectType('Meter', {
  implements: NodeType,
  description: 'Something that customers use and that is counted: calls, gigabytes, seats in use.',
})
export class MeterType {
  @Field(() => ID, { description: 'Our id: `met_…`.' })
  id!: string;

  @Field(() => String, { description: 'What you report usage by: `api_calls`. It never changes.' })
  eventName!: string;

  @Field(() => String, { description: 'What people call it. Stripe has the same.' })
  displayName!: string;

  @Field(() => String, { nullable: true, description: 'What is counted: `calls`, `GB`. Null where nobody said.' })
  unit!: string | null;

  @Field(() => MeterAggregationEnum, { description: 'How events come to one number. It never changes.' })
  aggregation!: Aggregation;

  @Field(() => String, {
    description: "Stripe's id: `mtr_…`. A metered price names it: `recurring.stripeMeterId` of createPrice.",
  })
  stripeMeterId!: string;

  @Field(() => Date, {
    nullable: true,
    description: 'Since when it takes no events. Null while it does.',
  })
  archivedAt!: Date | null;

  @Field(() => Date, { description: 'When the meter was made here.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When anything of the meter last changed here.' })
  updatedAt!: Date;
}

export const MeterConnection = connectionOf('Meter', () => MeterType);
