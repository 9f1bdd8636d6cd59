import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Resolver } from 'type-graphql';
import { Customer } from '../billing/customers/customer.entity.ts';
import { notFound } from '../errors.ts';
import type { GuardedContext } from '../graphql/graph-context.ts';
import { RequiresScopes } from '../graphql/requires-scopes.ts';
import { BigIntScalar } from '../graphql/scalars.ts';
import { SubscriptionField } from '../graphql/subscription-field.ts';
import { inProject } from '../identity/access/principal.ts';
import { isId } from '../ids.ts';
import { CustomerStateType } from './customer-state.type.ts';

type Watched = { customerId: string; sinceVersion?: bigint | null };

@Resolver()
export class CustomerStateChangedResolver {
  @SubscriptionField(() => CustomerStateType, {
    source: watchState,
    description:
      "The state of a customer whenever it changes, within a second of the webhook, usage or write that changed it, and at once when the subscription begins, unless `sinceVersion` is the current version. Changes that follow each other closely are one event: the newest state. Asked at `/graphql/stream` (text/event-stream). `NOT_FOUND` for a customer whom the project does not have, and for another one than a customer token's own; it also ends the stream when the customer is deleted.",
  })
  @RequiresScopes('entitlements:read')
  async customerStateChanged(
    @Arg('customerId', () => ID, { description: 'Our id: `pc_…`.' }) customerId: string,
    @Arg('sinceVersion', () => BigIntScalar, {
      nullable: true,
      description:
        'The `version` that you know: nothing is sent before it changes. The header `Last-Event-ID` says the same, and stands before it: each event has its version as `id`.',
    })
    _sinceVersion: bigint | null,
    @Ctx() { read }: GuardedContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const state = await read.one(Customer, { id: customerId }, info);
    if (!state) throw notFound('customer', 'customerId');
    return state;
  }
}

function watchState({ principal, stateWatch, lastEventId }: GuardedContext, { customerId, sinceVersion }: Watched) {
  const { projectId, environment, customerId: own } = inProject(principal);
  if (!isId('pc', customerId) || (own ?? customerId) !== customerId) throw notFound('customer', 'customerId');
  const since = /^\d{1,19}$/.test(lastEventId ?? '') ? BigInt(lastEventId!) : (sinceVersion ?? null);
  return stateWatch.watch({ id: customerId, projectId, environment }, since);
}
