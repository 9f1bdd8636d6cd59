import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Query, Resolver } from 'type-graphql';
import { Customer } from '../billing/customers/customer.entity.ts';
import { CustomerBy, customerWhere } from '../billing/customers/customer-by.inputs.ts';
import { badInput } from '../errors.ts';
import type { GuardedContext } from '../graphql/graph-context.ts';
import { RequiresScopes } from '../graphql/requires-scopes.ts';
import { CustomerStateType } from './customer-state.type.ts';

@Resolver()
export class CustomerStateResolver {
  @Query(() => CustomerStateType, {
    nullable: true,
    description:
      'The state of one customer: subscriptions, entitlements, usage against limits, open invoices. Null where there is no such customer. A customer token finds its own customer only, and need not name it; with another credential, `BAD_USER_INPUT` where `by` is left out.',
  })
  @RequiresScopes('entitlements:read')
  customerState(
    @Arg('by', () => CustomerBy, { nullable: true, description: 'Whose state. Of a customer token: its own customer.' })
    by: CustomerBy | null,
    @Ctx() { read, principal }: GuardedContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.one(Customer, by ? customerWhere(by) : { id: ownCustomer(principal.customerId) }, info);
  }
}

function ownCustomer(customerId: string | null): string {
  if (customerId) return customerId;
  throw badInput('Say whose state: by id, externalId, email or stripeId.', 'by');
}
