import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { type GraphContext, type MutationContext, tenantOf } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { Subscription } from '../subscriptions/subscription.entity.ts';
import { SubscriptionType } from '../subscriptions/subscription.type.ts';
import { cancelSubscription } from './cancel-subscription.ts';
import { discardPendingChange } from './discard-pending-change.ts';
import { pauseCollection } from './pause-collection.ts';
import { resumeCollection } from './resume-collection.ts';
import { resumeSubscription } from './resume-subscription.ts';
import { UpdateSubscriptionInput } from './subscription-change.inputs.ts';
import {
  CancelSubscriptionInput,
  DiscardPendingChangeInput,
  PauseCollectionInput,
  ResumeCollectionInput,
  ResumeSubscriptionInput,
} from './subscription-changes.inputs.ts';
import { updateSubscription } from './update-subscription.ts';

/** What a mutation leaves: its field is read after the commit. */
abstract class SubscriptionPayload {
  subscriptionId!: string;
}

@ObjectType('CancelSubscriptionPayload', { description: 'What cancelSubscription answers.' })
export class CancelSubscriptionPayload extends SubscriptionPayload {}

@ObjectType('ResumeSubscriptionPayload', { description: 'What resumeSubscription answers.' })
export class ResumeSubscriptionPayload extends SubscriptionPayload {}

@ObjectType('UpdateSubscriptionPayload', { description: 'What updateSubscription answers.' })
export class UpdateSubscriptionPayload extends SubscriptionPayload {}

@ObjectType('DiscardPendingChangePayload', { description: 'What discardPendingChange answers.' })
export class DiscardPendingChangePayload extends SubscriptionPayload {}

@ObjectType('PauseCollectionPayload', { description: 'What pauseCollection answers.' })
export class PauseCollectionPayload extends SubscriptionPayload {}

@ObjectType('ResumeCollectionPayload', { description: 'What resumeCollection answers.' })
export class ResumeCollectionPayload extends SubscriptionPayload {}

@Resolver()
export class SubscriptionWritesResolver {
  @Mutation(() => CancelSubscriptionPayload, {
    description:
      'Ends a subscription: now, with its period, or at a date. A customer token ends its own with its period. Asked again, it changes when and why. `BAD_USER_INPUT` with the field; `NOT_FOUND`; `CONFLICT` where it has ended; `FORBIDDEN` for a customer token that names another end, or where the seller has set a date; `STRIPE_ERROR`, after which nothing has changed unless it is `retryable`.',
  })
  @RequiresScopes('subscriptions:write')
  async cancelSubscription(
    @Arg('input', () => CancelSubscriptionInput, { description: 'What ends.' }) input: CancelSubscriptionInput,
    @Ctx() context: MutationContext,
  ): Promise<CancelSubscriptionPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { operation, log, principal } = context;
    const ofWhom = { ...input, ownCustomerId: principal.customerId };
    return { subscriptionId: await cancelSubscription({ stripe, operation, log }, tenant, ofWhom) };
  }

  @Mutation(() => ResumeSubscriptionPayload, {
    description:
      'Takes back the end that was set for a subscription: it renews again. Where none is set, nothing changes. A customer token does not take back a date that the seller has set: `FORBIDDEN`. One that is PAUSED goes on with a new period once its invoice is paid, which Stripe tries at once: where the payment fails, it is answered as it is, still PAUSED. `NOT_FOUND`; `CONFLICT` where it has ended; `STRIPE_ERROR`.',
  })
  @RequiresScopes('subscriptions:write')
  async resumeSubscription(
    @Arg('input', () => ResumeSubscriptionInput, { description: 'What goes on.' }) input: ResumeSubscriptionInput,
    @Ctx() context: MutationContext,
  ): Promise<ResumeSubscriptionPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { operation, log, principal } = context;
    const ofWhom = { ...input, ownCustomerId: principal.customerId };
    return { subscriptionId: await resumeSubscription({ stripe, operation, log }, tenant, ofWhom) };
  }

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

  @Mutation(() => PauseCollectionPayload, {
    description:
      'Stops collecting what a subscription costs. Its status and its access stay: it is not PAUSED. Asked again, it changes how and until when. `BAD_USER_INPUT` with the field; `NOT_FOUND`; `CONFLICT` where it has ended; `FORBIDDEN` for a customer token; `STRIPE_ERROR`.',
  })
  @RequiresScopes('subscriptions:write')
  async pauseCollection(
    @Arg('input', () => PauseCollectionInput, { description: 'What is not collected.' }) input: PauseCollectionInput,
    @Ctx() context: MutationContext,
  ): Promise<PauseCollectionPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { operation, log, principal } = context;
    const ofWhom = { ...input, ownCustomerId: principal.customerId };
    return { subscriptionId: await pauseCollection({ stripe, operation, log }, tenant, ofWhom) };
  }

  @Mutation(() => ResumeCollectionPayload, {
    description:
      'Collects again what a subscription costs, from the next invoice on. Where nothing is paused, nothing changes. `NOT_FOUND`; `CONFLICT` where it has ended; `FORBIDDEN` for a customer token; `STRIPE_ERROR`.',
  })
  @RequiresScopes('subscriptions:write')
  async resumeCollection(
    @Arg('input', () => ResumeCollectionInput, { description: 'What is collected again.' })
    input: ResumeCollectionInput,
    @Ctx() context: MutationContext,
  ): Promise<ResumeCollectionPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { operation, log, principal } = context;
    const ofWhom = { ...input, ownCustomerId: principal.customerId };
    return { subscriptionId: await resumeCollection({ stripe, operation, log }, tenant, ofWhom) };
  }
}

/** The subscription that a mutation left, read after its commit. */
const leaves = (payload: new () => SubscriptionPayload): (new () => object) => {
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

export const subscriptionPayloadResolvers = [
  leaves(CancelSubscriptionPayload),
  leaves(ResumeSubscriptionPayload),
  leaves(UpdateSubscriptionPayload),
  leaves(DiscardPendingChangePayload),
  leaves(PauseCollectionPayload),
  leaves(ResumeCollectionPayload),
] as const;
