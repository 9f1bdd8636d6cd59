import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Query, Resolver } from 'type-graphql';
import { type Connection, ConnectionArgs } from '../graphql/connection.ts';
import type { GraphContext } from '../graphql/graph-context.ts';
import { RequiresScopes } from '../graphql/requires-scopes.ts';
import { Subscription } from './subscription.entity.ts';
import { SubscriptionConnection, SubscriptionType } from './subscription.type.ts';

@Resolver()
export class SubscriptionResolver {
  @Query(() => SubscriptionType, { nullable: true, description: 'One subscription; null where there is none.' })
  @RequiresScopes('subscriptions:read')
  subscription(
    @Arg('id', () => ID, { description: 'Our id: `ps_…`.' }) id: string,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.one(Subscription, { id }, info);
  }

  @Query(() => SubscriptionConnection, {
    description: 'Every subscription of the project and environment, ended ones too.',
  })
  @RequiresScopes('subscriptions:read')
  subscriptions(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<SubscriptionType>> {
    return read.connection(Subscription, page, info);
  }
}
