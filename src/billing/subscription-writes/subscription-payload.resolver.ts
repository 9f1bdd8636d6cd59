import type { GraphQLResolveInfo } from 'graphql';
import { Ctx, FieldResolver, Info, Resolver, Root } from 'type-graphql';
import type { GraphContext } from '../../graphql/graph-context.ts';
import { Subscription } from '../subscriptions/subscription.entity.ts';
import { SubscriptionType } from '../subscriptions/subscription.type.ts';

/** What a mutation leaves: its field is read after the commit. */
export abstract class SubscriptionPayload {
  subscriptionId!: string;
}

/** The subscription that a mutation left, read after its commit. */
export const leaves = (payload: new () => SubscriptionPayload): (new () => object) => {
  @Resolver(() => payload)
  class PayloadResolver {
    @FieldResolver(() => SubscriptionType, { description: 'The subscription as it is now.' })
    subscription(
      @Root() { subscriptionId }: SubscriptionPayload,
      @Ctx() { read }: GraphContext,
      @Info() info: GraphQLResolveInfo,
    ) {
      return read.one(Subscription, { id: subscriptionId }, info);
    }
  }
  return PayloadResolver;
};
