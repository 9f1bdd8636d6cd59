import type { GraphQLResolveInfo } from 'graphql';
import { Args, Ctx, Info, Query, Resolver } from 'type-graphql';
import { type Connection, ConnectionArgs } from '../../graphql/connection.ts';
import type { GraphContext } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { Price } from './price.entity.ts';
import { PriceConnection, type PriceType } from './price.type.ts';
import { Product } from './product.entity.ts';
import { ProductConnection, type ProductType } from './product.type.ts';

@Resolver()
export class CatalogResolver {
  @Query(() => ProductConnection, { description: 'Every product of the project and environment that is not archived.' })
  @RequiresScopes('products:read')
  products(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<ProductType>> {
    return read.connection(Product, page, info, { where: { active: true } });
  }

  @Query(() => PriceConnection, { description: 'Every price of the project and environment that is not archived.' })
  @RequiresScopes('products:read')
  prices(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<PriceType>> {
    return read.connection(Price, page, info, { where: { active: true } });
  }
}
