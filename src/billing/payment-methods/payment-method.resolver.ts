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
import { detachPaymentMethod } from './detach-payment-method.ts';
import { PaymentMethod } from './payment-method.entity.ts';
import { PaymentMethodType } from './payment-method.type.ts';
import { setDefaultPaymentMethod } from './set-default-payment-method.ts';

@InputType('SetDefaultPaymentMethodInput', { description: 'What pays from now on.' })
export class SetDefaultPaymentMethodInput extends MutationInput {
  @Field(() => ID, {
    nullable: true,
    description:
      'Whose payment method it has to be: `pc_…`. `NOT_FOUND` where it is not. Left out, the method says whose it is; a customer token leaves it out, or names its own customer.',
  })
  customerId?: string | null;

  @Field(() => ID, { description: 'The payment method: `ppm_…`.' })
  paymentMethodId!: string;
}

@InputType('DetachPaymentMethodInput', { description: 'What pays no more.' })
export class DetachPaymentMethodInput extends MutationInput {
  @Field(() => ID, { description: 'The payment method: `ppm_…`.' })
  paymentMethodId!: string;
}

@ObjectType('SetDefaultPaymentMethodPayload', { description: 'What setDefaultPaymentMethod answers.' })
export class SetDefaultPaymentMethodPayload {
  paymentMethodId!: string;
}

@ObjectType('DetachPaymentMethodPayload', {
  simpleResolvers: true,
  description: 'What detachPaymentMethod answers.',
})
export class DetachPaymentMethodPayload {
  @Field(() => ID, { description: "Our id of the payment method that is nobody's now: `ppm_…`." })
  detachedPaymentMethodId!: string;
}

@Resolver(() => SetDefaultPaymentMethodPayload)
export class PaymentMethodResolver {
  @Mutation(() => SetDefaultPaymentMethodPayload, {
    description:
      'Lets a payment method pay the invoices of its customer from now on. A subscription that names a method of its own, as one that was bought in a checkout may, stays with that. `NOT_FOUND` for what is not there, was detached, or is of another customer; `STRIPE_ERROR`.',
  })
  @RequiresScopes('payment_methods:write')
  async setDefaultPaymentMethod(
    @Arg('input', () => SetDefaultPaymentMethodInput, { description: 'What pays.' })
    input: SetDefaultPaymentMethodInput,
    @Ctx() context: MutationContext,
  ): Promise<SetDefaultPaymentMethodPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { operation, log, principal } = context;
    const tools = { stripe, operation, log };
    return { paymentMethodId: await setDefaultPaymentMethod(tools, tenant, input, principal.customerId) };
  }

  @Mutation(() => DetachPaymentMethodPayload, {
    description:
      'Takes a payment method from its customer, for good: it can be entered anew, and not be taken back. That a subscription is to be paid with it does not stand in the way: its next payment fails, unless another method is made the default first. `NOT_FOUND` for what is not there or was detached already; `STRIPE_ERROR`.',
  })
  @RequiresScopes('payment_methods:write')
  async detachPaymentMethod(
    @Arg('input', () => DetachPaymentMethodInput, { description: 'What pays no more.' })
    input: DetachPaymentMethodInput,
    @Ctx() context: MutationContext,
  ): Promise<DetachPaymentMethodPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { operation, principal } = context;
    return {
      detachedPaymentMethodId: await detachPaymentMethod({ stripe, operation }, tenant, input, principal.customerId),
    };
  }

  @FieldResolver(() => PaymentMethodType, { description: 'The payment method as it is now.' })
  paymentMethod(
    @Root() { paymentMethodId }: SetDefaultPaymentMethodPayload,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.one(PaymentMethod, { id: paymentMethodId }, info);
  }
}
