import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Field, ID, Info, InputType, Query, Resolver } from 'type-graphql';
import { type Connection, ConnectionArgs } from '../../graphql/connection.ts';
import type { GraphContext } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { UsageEvent } from './usage-event.entity.ts';
import { UsageEventConnection, UsageEventStatusEnum, type UsageEventType } from './usage-event.type.ts';
import { usageEventFilter } from './usage-event-filter.ts';

@InputType('UsageEventFilter', { description: 'Which events: those that all of these admit.' })
export class UsageEventFilter {
  @Field(() => ID, { nullable: true, description: 'Those of a customer: `pc_…`.' })
  customerId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Those of a meter: `met_…`.' })
  meterId?: string | null;

  @Field(() => UsageEventStatusEnum, { nullable: true, description: 'Those that count, or those that were voided.' })
  status?: keyof typeof UsageEventStatusEnum | null;

  @Field(() => Date, { nullable: true, description: 'What was used at this time or later.' })
  from?: Date | null;

  @Field(() => Date, { nullable: true, description: 'What was used before this time.' })
  to?: Date | null;
}

@Resolver()
export class UsageEventResolver {
  @Query(() => UsageEventConnection, {
    description:
      'Every event that was reported, in the order of the reports, with those that were voided since; with a customer token, those of its own customer. `BAD_USER_INPUT` with the field for a filter that makes no sense.',
  })
  @RequiresScopes('usage:read')
  usageEvents(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => UsageEventFilter, { nullable: true, description: 'Which events; all where it is left out.' })
    filter: UsageEventFilter | null,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<UsageEventType>> {
    return read.connection(UsageEvent, page, info, usageEventFilter(filter ?? {}));
  }
}
