import { Field, ID, InterfaceType } from 'type-graphql';

@InterfaceType('Node', {
  resolveType: ({ __typename }: { __typename: string }) => __typename,
  description: 'Whatever has an id of ours, as the Relay specification has it. The prefix of the id says what it is.',
})
export abstract class NodeType {
  @Field(() => ID, { description: 'Our id: a prefix such as `pc_`, and 26 digits.' })
  id!: string;
}
