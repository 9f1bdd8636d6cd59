import { Arg, Ctx, Mutation, ObjectType, Resolver } from 'type-graphql';
import { type MutationContext, tenantOf } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { leaves, SubscriptionPayload } from '../subscription-writes/subscription-payload.resolver.ts';
import { discardPendingChange } from './discard-pending-change.ts';
import { DiscardPendingChangeInput, UpdateSubscriptionInput } from './subscription-change.inputs.ts';
import { updateSubscription } from './update-subscription.ts';

@ObjectType('UpdateSubscriptionPayload', { description: 'What updateSubscription answers.' })
export class UpdateSubscriptionPayload extends SubscriptionPayload {}

@ObjectType('DiscardPendingChangePayload', { description: 'What discardPendingChange answers.' })
export class DiscardPendingChangePayload extends SubscriptionPayload {}

@Resolver()
export class SubscriptionChangesResolver {
  @Mutation(() => UpdateSubscriptionPayload, {
    description:
      'Changes what a subscription bills: its price, its quantity, its items. At the end of the period Stripe changes it (`Subscription.pendingChange`), and whatever is changed or ended in the meantime takes its place. `previewSubscriptionChange` tells what it costs. Where a payment is due at once and fails, nothing has changed: `CARD_DECLINED`. `BAD_USER_INPUT` with the field; `NOT_FOUND` for a subscription, item, price or plan that you do not have; `CONFLICT` where it has ended, waits for its first payment, or is under a schedule that was made in Stripe, and at the end of the period where it is paused or set to end; `FORBIDDEN` for what a customer token may not choose; `STRIPE_ERROR`, after which nothing has changed unless it is `retryable`.',
  })
  @RequiresScopes('subscriptions:write')
  async updateSubscription(
    @Arg('input', () => UpdateSubscriptionInput, { description: 'What changes.' }) input: UpdateSubscriptionInput,
    @Ctx() context: MutationContext,
  ): Promise<UpdateSubscriptionPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { operation, log, principal } = context;
    const ofWhom = { ...input, ownCustomerId: principal.customerId };
    return { subscriptionId: await updateSubscription({ stripe, operation, log }, tenant, ofWhom) };
  }

  @Mutation(() => DiscardPendingChangePayload, {
    description:
      'Takes back what updateSubscription set for the end of the period. `NOT_FOUND`; `CONFLICT` where nothing is pending, or the subscription has ended; `STRIPE_ERROR`.',
  })
  @RequiresScopes('subscriptions:write')
  async discardPendingChange(
    @Arg('input', () => DiscardPendingChangeInput, { description: 'What stays as it is.' })
    input: DiscardPendingChangeInput,
    @Ctx() context: MutationContext,
  ): Promise<DiscardPendingChangePayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { operation, log, principal } = context;
    const ofWhom = { ...input, ownCustomerId: principal.customerId };
    return { subscriptionId: await discardPendingChange({ stripe, operation, log }, tenant, ofWhom) };
  }
}

export const changePayloadResolvers = [leaves(UpdateSubscriptionPayload), leaves(DiscardPendingChangePayload)] as const;
