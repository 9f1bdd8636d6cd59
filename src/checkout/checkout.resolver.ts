import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Field, ID, Info, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { badInput, notFound } from '../errors.ts';
import { type GraphContext, type MutationContext, tenantOf } from '../graphql/graph-context.ts';
import { MutationInput } from '../graphql/mutation-input.ts';
import { RequiresScopes } from '../graphql/requires-scopes.ts';
import { MetadataScalar } from '../graphql/scalars.ts';
import { type CheckoutMode, CheckoutSession } from './checkout-session.entity.ts';
import { CheckoutModeEnum, CheckoutSessionType } from './checkout-session.type.ts';
import { createCheckoutSession } from './create-checkout-session.ts';

@InputType('CreateCheckoutSessionInput', { description: 'What is sold to whom, and where the buyer goes afterwards.' })
export class CreateCheckoutSessionInput extends MutationInput {
  @Field(() => ID, {
    nullable: true,
    description: 'Who buys: `pc_…`. A customer token leaves it out, or names its own customer; a key must name one.',
  })
  customerId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'What is bought: `pri_…`, active, recurring in mode SUBSCRIPTION and one-time in mode PAYMENT. A customer token may name prices that are published for self-service, and gets `FORBIDDEN` for any other.',
  })
  priceId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "What is bought, by the name of one of the project's plans, instead of a price. Without either the project's default plan is bought.",
  })
  plan?: string | null;

  @Field(() => CheckoutModeEnum, { defaultValue: 'SUBSCRIPTION', description: 'What the session is for.' })
  mode!: CheckoutMode;

  @Field(() => Int, { nullable: true, description: 'How many: 1 to 999,999; 1 by default.' })
  quantity?: number | null;

  @Field(() => Int, { nullable: true, description: 'Days before the first payment: 1 to 730. Mode SUBSCRIPTION only.' })
  trialDays?: number | null;

  @Field(() => String, {
    description:
      "An absolute http(s) URL for the buyer who paid. `{CHECKOUT_SESSION_ID}` in it becomes the session's id.",
  })
  successUrl!: string;

  @Field(() => String, { description: 'An absolute http(s) URL for the buyer who turned back.' })
  cancelUrl!: string;

  @Field(() => MetadataScalar, {
    nullable: true,
    description:
      'Your own notes on the session and on what comes of it (the subscription or payment): at most 40 keys.',
  })
  metadata?: Record<string, string> | null;
}

@ObjectType('CreateCheckoutSessionPayload', {
  simpleResolvers: true,
  description: 'What createCheckoutSession answers.',
})
export class CreateCheckoutSessionPayload {
  @Field(() => ID, {
    description: "Stripe's id of the session, `cs_…`: what `{CHECKOUT_SESSION_ID}` becomes in your URLs.",
  })
  sessionId!: string;

  @Field(() => String, { description: "Stripe's page where the buyer pays. Send the browser there." })
  url!: string;

  @Field(() => Date, { description: 'When the page stops taking payments.' })
  expiresAt!: Date;
}

@Resolver()
export class CheckoutResolver {
  @Query(() => CheckoutSessionType, {
    nullable: true,
    description:
      'A session that was opened here, and what came of it; null where there is none. A customer token finds those of its own customer only.',
  })
  @RequiresScopes('checkout:read', 'checkout:write')
  checkoutSession(
    @Arg('id', () => ID, { description: "Stripe's id, `cs_…`, or ours, `pcs_…`." }) id: string,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.one(CheckoutSession, id.startsWith('cs_') ? { stripeSessionId: id } : { id }, info);
  }

  @Mutation(() => CreateCheckoutSessionPayload, {
    description:
      'Opens a page of Stripe where a customer pays. The subscription appears in the graph when Stripe says that it exists, usually within a second of the payment. `BAD_USER_INPUT` with the field, `NOT_FOUND` for a customer or price that you do not have, `STRIPE_ERROR` where Stripe refuses or cannot be reached.',
  })
  @RequiresScopes('checkout:write')
  async createCheckoutSession(
    @Arg('input', () => CreateCheckoutSessionInput, { description: 'The session.' }) input: CreateCheckoutSessionInput,
    @Ctx() context: MutationContext,
  ): Promise<CreateCheckoutSessionPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { customerId: own } = context.principal;
    const buyer = { customerId: buyerOf(input, own), bySelfService: own !== null };
    const { operation, installation } = context;
    const { publicUrl } = installation;
    return createCheckoutSession({ stripe, operation, publicUrl }, tenant, { ...input, ...buyer });
  }
}

/** A customer token buys for its own customer; that there are others it does not learn. */
function buyerOf({ customerId }: CreateCheckoutSessionInput, own: string | null): string {
  if (own !== null && customerId != null && customerId !== own) throw notFound('customer', 'customerId');
  const buyer = customerId ?? own;
  if (buyer == null) throw badInput('Say who buys: `pc_…`.', 'customerId');
  return buyer;
}
