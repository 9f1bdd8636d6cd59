import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Field, FieldResolver, ID, Info, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { notFound } from '../../errors.ts';
import { type GraphContext, type MutationContext, tenantOf } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { CreateCheckoutSessionInput, ExpireCheckoutSessionInput } from './checkout.inputs.ts';
import { CheckoutSession } from './checkout-session.entity.ts';
import { CheckoutSessionType } from './checkout-session.type.ts';
import { createCheckoutSession } from './create-checkout-session.ts';
import { expireCheckoutSession } from './expire-checkout-session.ts';

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

@ObjectType('ExpireCheckoutSessionPayload', { description: 'What expireCheckoutSession answers.' })
export class ExpireCheckoutSessionPayload {
  id!: string;
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
      'Opens a page of Stripe where a customer or a guest pays. The subscription appears in the graph when Stripe says that it exists, usually within a second of the payment. Without an idempotency key the same call within half a minute answers the session that is open, so that a double click makes one. `BAD_USER_INPUT` with the field, `NOT_FOUND` for a customer, price, plan or promotion code that you do not have, `CONFLICT` for a guest with the address of a customer who should sign in, and (`retryable`) where the same session was paid a moment ago, `STRIPE_ERROR` where Stripe refuses or cannot be reached.',
  })
  @RequiresScopes('checkout:write')
  async createCheckoutSession(
    @Arg('input', () => CreateCheckoutSessionInput, { description: 'The session.' }) input: CreateCheckoutSessionInput,
    @Ctx() context: MutationContext,
  ): Promise<CreateCheckoutSessionPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { em, operation, installation, principal } = context;
    const { publicUrl } = installation;
    const { customerId: own } = principal;
    const buyer = { customerId: buyerOf(input, own), bySelfService: own !== null };
    return createCheckoutSession({ em, stripe, operation, publicUrl }, tenant, { ...input, ...buyer });
  }

  @Mutation(() => ExpireCheckoutSessionPayload, {
    description:
      'Closes a session that nobody has paid: its page takes no more payments. `NOT_FOUND` for one that you do not have, `CONFLICT` where it is COMPLETE or EXPIRED, `STRIPE_ERROR` where Stripe refuses or cannot be reached.',
  })
  @RequiresScopes('checkout:write')
  async expireCheckoutSession(
    @Arg('input', () => ExpireCheckoutSessionInput, { description: 'The session.' })
    { checkoutSessionId }: ExpireCheckoutSessionInput,
    @Ctx() context: MutationContext,
  ): Promise<ExpireCheckoutSessionPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { operation, log, principal } = context;
    const input = { checkoutSessionId, customerId: principal.customerId };
    return { id: await expireCheckoutSession({ stripe, operation, log }, tenant, input) };
  }
}

@Resolver(() => ExpireCheckoutSessionPayload)
export class ExpireCheckoutSessionPayloadResolver {
  @FieldResolver(() => CheckoutSessionType, { description: 'The session as it is now.' })
  checkoutSession(@Root() { id }: { id: string }, @Ctx() { read }: GraphContext, @Info() info: GraphQLResolveInfo) {
    return read.one(CheckoutSession, { id }, info);
  }
}

/** A customer token buys for its own customer; that there are others it does not learn. */
function buyerOf({ customerId }: CreateCheckoutSessionInput, own: string | null): string | null {
  if (own !== null && customerId != null && customerId !== own) throw notFound('customer', 'customerId');
  return customerId ?? own;
}
