import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { connected, type GuardedContext } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { inProject } from '../../identity/access/principal.ts';
import { SubscriptionChangePreviewType } from './change-preview.type.ts';
import { previewSubscriptionChange } from './preview-subscription-change.ts';
import { PreviewSubscriptionChangeInput } from './subscription-change.inputs.ts';

@Resolver()
export class ChangePreviewResolver {
  @Query(() => SubscriptionChangePreviewType, {
    nullable: true,
    description:
      'What a change of a subscription would cost: with the input of updateSubscription, which it refuses alike (`BAD_USER_INPUT`, `NOT_FOUND`, `CONFLICT`, `FORBIDDEN`). Stripe is asked: `STRIPE_ERROR` where it cannot be reached.',
  })
  @RequiresScopes('subscriptions:read')
  async previewSubscriptionChange(
    @Arg('input', () => PreviewSubscriptionChangeInput, { description: 'The change.' })
    input: PreviewSubscriptionChangeInput,
    @Ctx() context: GuardedContext,
  ): Promise<SubscriptionChangePreviewType> {
    const { em, principal } = context;
    const { stripe } = await connected(context);
    const ofWhom = { ...input, ownCustomerId: principal.customerId };
    return previewSubscriptionChange({ em, stripe }, inProject(principal), ofWhom);
  }
}
