import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Info, Query, Resolver } from 'type-graphql';
import { badInput } from '../../errors.ts';
import { type Connection, ConnectionArgs } from '../../graphql/connection.ts';
import type { GraphContext } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { Feature } from './feature.entity.ts';
import { FeatureBy } from './feature.inputs.ts';
import { FeatureConnection, FeatureType } from './feature.type.ts';

@Resolver()
export class FeatureResolver {
  @Query(() => FeatureType, { nullable: true, description: 'One feature; null where there is none.' })
  @RequiresScopes('features:read', 'entitlements:read')
  feature(
    @Arg('by', () => FeatureBy, { description: 'Which one.' }) { id, key }: FeatureBy,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    if (id != null) return read.one(Feature, { id }, info);
    if (key != null) return read.one(Feature, { key }, info);
    throw badInput('Give one of id, key, and not null.', 'by');
  }

  @Query(() => FeatureConnection, { description: 'Every feature of the project and environment, archived ones too.' })
  @RequiresScopes('features:read', 'entitlements:read')
  features(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<FeatureType>> {
    return read.connection(Feature, page, info);
  }
}
