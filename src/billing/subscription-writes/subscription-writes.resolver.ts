import { Arg, Ctx, Mutation, ObjectType, Resolver } from 'type-graphql';
import { type MutationContext, tenantOf } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { cancelSubscription } from './cancel-subscription.ts';
import { pauseCollection } from './pause-collection.ts';
import { resumeCollection } from './resume-collection.ts';
import { resumeSubscription } from './resume-subscription.ts';
import { leaves, SubscriptionPayload } from './subscription-payload.resolver.ts';
import {
  CancelSubscriptionInput,
  PauseCollectionInput,
  ResumeCollectionInput,
  ResumeSubscriptionInput,
} from './subscription-writes.inputs.ts';

@ObjectType('CancelSubscriptionPayload', { description: 'What cancelSubscription answers.' })
export class CancelSubscriptionPayload extends SubscriptionPayload {}

@ObjectType('ResumeSubscriptionPayload', { description: 'What resumeSubscription answers.' })
export class ResumeSubscriptionPayload extends SubscriptionPayload {}

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

export const subscriptionPayloadResolvers = [
  leaves(CancelSubscriptionPayload),
  leaves(ResumeSubscriptionPayload),
  leaves(PauseCollectionPayload),
  leaves(ResumeCollectionPayload),
] as const;
