import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Info, Query, Resolver } from 'type-graphql';
import { type Connection, ConnectionArgs } from '../../graphql/connection.ts';
import type { GraphContext } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { Customer } from './customer.entity.ts';
import { CustomerConnection, CustomerFilter, CustomerType } from './customer.type.ts';
import { CustomerBy, customerWhere } from './customer-by.inputs.ts';
import { customerFilter } from './customer-filter.ts';

@Resolver()
export class CustomerResolver {
  @Query(() => CustomerType, {
    nullable: true,
    description: 'One customer; null where there is none. A customer token finds its own customer only.',
  })
  @RequiresScopes('customers:read')
  customer(
    @Arg('by', () => CustomerBy, { description: 'Whom to find.' }) by: CustomerBy,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.one(Customer, customerWhere(by), info);
  }

  @Query(() => CustomerConnection, {
    description:
      'The customers of the project and environment. `BAD_USER_INPUT` with the field for a filter that makes no sense.',
  })
  @RequiresScopes('customers:read')
  customers(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => CustomerFilter, { nullable: true, description: 'Which customers; all where it is left out.' })
    filter: CustomerFilter | null,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<CustomerType>> {
    return read.connection(Customer, page, info, customerFilter(filter ?? {}));
  }
}
