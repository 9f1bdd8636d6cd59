import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType('Project', { simpleResolvers: true, description: 'One product of a team. It has a TEST and a LIVE side.' })
export class ProjectType {
  @Field(() => ID, { description: 'Our id: `prj_…`. It goes into the header `Billgraph-Project`.' })
  id!: string;

  @Field(() => String, { description: 'The name.' })
  name!: string;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => Date, {
    nullable: true,
    description:
      'When it was archived: nothing is written for it any more, and what is known stays true. Null where it was not.',
  })
  archivedAt!: Date | null;
}
