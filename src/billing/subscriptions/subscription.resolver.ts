import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Field, ID, Info, InputType, Query, Resolver } from 'type-graphql';
import { badInput } from '../../errors.ts';
import { type Connection, ConnectionArgs } from '../../graphql/connection.ts';
import type { GraphContext } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import type { Where } from '../../reader/create-reader.ts';
import { Subscription } from './subscription.entity.ts';
import { SubscriptionConnection, SubscriptionType } from './subscription.type.ts';
import { type SubscriptionStatus, statusesWithAccess } from './subscription-status.ts';
import { SubscriptionStatusEnum } from './subscription-status.type.ts';

@InputType('SubscriptionFilter', { description: 'Which subscriptions: those that all of these admit.' })
export class SubscriptionFilter {
  @Field(() => ID, { nullable: true, description: 'Those of a customer: `pc_…`. Not with `email`.' })
  customerId?: string | null;

  @Field(() => String, { nullable: true, description: 'Those of the customer with this email address, in any case.' })
  email?: string | null;

  @Field(() => [SubscriptionStatusEnum], { nullable: true, description: 'Those with one of these statuses.' })
  status?: SubscriptionStatus[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether only those count that are TRIALING, ACTIVE or PAST_DUE. True by default, and false by default where `status` is given.',
  })
  activeOnly?: boolean | null;
}

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
    description:
      'The subscriptions of the project and environment that are active, unless `filter` says otherwise; with a customer token, those of its own customer. `BAD_USER_INPUT` where the filter names a customer twice.',
  })
  @RequiresScopes('subscriptions:read')
  subscriptions(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => SubscriptionFilter, {
      nullable: true,
      description: 'Which subscriptions; the active ones where it is left out.',
    })
    filter: SubscriptionFilter | null,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<SubscriptionType>> {
    return read.connection(Subscription, page, info, { where: whereOf(filter ?? {}) });
  }
}

function whereOf({ customerId, email, status, activeOnly }: SubscriptionFilter): Where<Subscription> {
  if (customerId != null && email != null)
    throw badInput('Name a customer by id or by email, not both.', 'filter.email');
  const onlyActive = activeOnly ?? status == null;
  const statuses = onlyActive ? (status ?? statusesWithAccess).filter(hasAccess) : status;
  return {
    ...(customerId != null && { customer: customerId }),
    ...(email != null && { customer: { email: email.trim().toLowerCase() } }),
    ...(statuses && { status: statuses }),
  };
}

const hasAccess = (status: SubscriptionStatus) => statusesWithAccess.includes(status);
