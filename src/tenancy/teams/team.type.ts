import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType('Team', {
  simpleResolvers: true,
  description: 'The people who run one or more products on one Stripe account.',
})
export class TeamType {
  @Field(() => ID, { description: 'Our id: `team_…`. It goes into the header `Billgraph-Team`.' })
  id!: string;

  @Field(() => String, { description: 'The name.' })
  name!: string;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;
}
