import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Info,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { type GraphContext, type MutationContext, tenantOf } from '../../graphql/graph-context.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { Customer } from '../customers/customer.entity.ts';
import { CustomerType } from '../customers/customer.type.ts';
import { setDefaultFromCheckout } from './set-default-from-checkout.ts';

@InputType('SetDefaultPaymentMethodFromCheckoutInput', { description: 'What saved the payment method.' })
export class SetDefaultPaymentMethodFromCheckoutInput extends MutationInput {
  @Field(() => ID, {
    description:
      "A checkout session of mode SETUP that the customer has finished: Stripe's id, `cs_…`, as `successUrl` gets it, or ours, `pcs_…`. With a customer token, one of its own customer.",
  })
  checkoutSessionId!: string;
}

@ObjectType('SetDefaultPaymentMethodFromCheckoutPayload', {
  description: 'What setDefaultPaymentMethodFromCheckout answers.',
})
export class SetDefaultPaymentMethodFromCheckoutPayload {
  @Field(() => ID, { description: 'Who pays with it: `pc_…`.' })
  customerId!: string;
}

@Resolver(() => SetDefaultPaymentMethodFromCheckoutPayload)
export class SavedPaymentMethodResolver {
  @Mutation(() => SetDefaultPaymentMethodFromCheckoutPayload, {
    description:
      "Has what a checkout of mode SETUP saved pay everything from now on: it becomes the customer's default, and that of every live subscription that names another payment method. `NOT_FOUND` for a session that you do not have; `BAD_USER_INPUT` for one of another mode; `CONFLICT` where the customer has not finished it; `STRIPE_ERROR`.",
  })
  @RequiresScopes('checkout:write')
  async setDefaultPaymentMethodFromCheckout(
    @Arg('input', () => SetDefaultPaymentMethodFromCheckoutInput, { description: 'Which checkout.' })
    { checkoutSessionId }: SetDefaultPaymentMethodFromCheckoutInput,
    @Ctx() context: MutationContext,
  ): Promise<SetDefaultPaymentMethodFromCheckoutPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { operation, log, principal } = context;
    const which = { checkoutSessionId, ownCustomerId: principal.customerId };
    return { customerId: await setDefaultFromCheckout({ stripe, operation, log }, tenant, which) };
  }

  @RequiresScopes('customers:read')
  @FieldResolver(() => CustomerType, { nullable: true, description: 'Who pays with it.' })
  customer(
    @Root() { customerId }: SetDefaultPaymentMethodFromCheckoutPayload,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.one(Customer, { id: customerId }, info);
  }
}
