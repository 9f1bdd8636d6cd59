import { Args, ArgsType, type ClassType, Field, Int, ObjectType } from 'type-graphql';

/** The arguments of every list. What they may be is checked where they are read: reader/page.ts. */
@ArgsType()
export class ConnectionArgs {
  @Field(() => Int, {
    nullable: true,
    description: 'How many to answer from the front: 1 to 100. 50 where neither `first` nor `last` is given.',
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Only what comes after this cursor.' })
  after?: string | null;

  @Field(() => Int, { nullable: true, description: 'How many to answer from the back: 1 to 100. Not with `first`.' })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Only what comes before this cursor.' })
  before?: string | null;
}

@ObjectType('PageInfo', {
  simpleResolvers: true,
  description: 'Where a page stands in its list, as the Relay specification has it.',
})
export class PageInfo {
  @Field(() => Boolean, {
    description: 'Whether more follows. Going back (`last`), it says whether the page was bounded by `before`.',
  })
  hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: 'Whether more precedes. Going forward (`first`), it says whether the page was bounded by `after`.',
  })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first edge; null where the page is empty.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'The cursor of the last edge; null where the page is empty.' })
  endCursor!: string | null;
}

export type Connection<Node> = {
  edges: { cursor: string; node: Node }[];
  nodes: Node[];
  pageInfo: PageInfo;
  totalCount: number;
};

/** The published types `<name>Connection` and `<name>Edge`. Oldest first, always: a page that was read stays as it is. */
export function connectionOf<Node extends object>(
  name: string,
  node: () => ClassType<Node>,
): ClassType<Connection<Node>> {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: `A ${name} and its place in a list.` })
  class EdgeType {
    @Field(() => String, {
      description: 'Give it as `after` or `before` to go on from here. It survives changes of the list.',
    })
    cursor!: string;

    @Field(node, { description: `The ${name} itself.` })
    node!: Node;
  }

  @ObjectType(`${name}Connection`, {
    simpleResolvers: true,
    description: `A page of a list of ${name}, in the order in which they were created, the oldest first.`,
  })
  class ConnectionType {
    @Field(() => [EdgeType], { description: 'The page, each with its cursor.' })
    edges!: EdgeType[];

    @Field(() => [node()], { description: 'The page, without cursors.' })
    nodes!: Node[];

    @Field(() => PageInfo, { description: 'Whether there is more, and the cursors to go on with.' })
    pageInfo!: PageInfo;

    @Field(() => Int, {
      description: 'How many there are in the whole list. It costs a count: ask only where it is shown.',
    })
    totalCount!: number;
  }
  return ConnectionType;
}

/** A field that answers a connection. The class stays plain: type-graphql reads arguments off methods only. */
export function ConnectionField(connection: () => ClassType, options: { description: string }) {
  return (prototype: object, property: string) => {
    Field(connection, options)(prototype, property);
    Args(() => ConnectionArgs)(prototype, property, 0);
  };
}
