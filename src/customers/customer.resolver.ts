import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Directive, Field, ID, Info, InputType, Query, Resolver } from 'type-graphql';
import { badInput } from '../errors.ts';
import { type Connection, ConnectionArgs } from '../graphql/connection.ts';
import type { GraphContext } from '../graphql/graph-context.ts';
import { RequiresScopes } from '../graphql/requires-scopes.ts';
import { Customer } from './customer.entity.ts';
import { CustomerConnection, CustomerFilter, CustomerType } from './customer.type.ts';
import { customerFilter } from './customer-filter.ts';

@InputType('CustomerBy', { description: 'How a customer is found: exactly one of these.' })
@Directive('@oneOf')
export class CustomerBy {
  @Field(() => ID, { nullable: true, description: 'Our id: `pc_…`.' })
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'Your own id of the customer.' })
  externalId?: string | null;

  @Field(() => String, { nullable: true, description: 'The email address, in any case.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: "Stripe's id: `cus_…`." })
  stripeId?: string | null;
}

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
    return read.one(Customer, whereOf(by), info);
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

export function whereOf({ id, externalId, email, stripeId }: CustomerBy) {
  if (id != null) return { id };
  if (externalId != null) return { externalId };
  if (email != null) return { email: email.trim().toLowerCase() };
  if (stripeId != null) return { stripeCustomerId: stripeId };
  throw badInput('Give one of id, externalId, email, stripeId, and not null.', 'by');
}
