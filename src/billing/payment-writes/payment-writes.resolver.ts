import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Field, FieldResolver, Info, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { type GraphContext, type MutationContext, tenantOf } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { Payment } from '../payments/payment.entity.ts';
import { PaymentType } from '../payments/payment.type.ts';
import { cancelPaymentIntent } from './cancel-payment-intent.ts';
import { createPaymentIntent } from './create-payment-intent.ts';
import { CancelPaymentIntentInput, CreatePaymentIntentInput, RefundPaymentInput } from './payment.inputs.ts';
import type { Refund } from './refund.ts';
import { RefundType } from './refund.type.ts';
import { refundPayment } from './refund-payment.ts';

/** What a mutation leaves: its field is read after the commit. */
abstract class PaymentPayload {
  paymentId!: string;
}

@ObjectType('CreatePaymentIntentPayload', { description: 'What createPaymentIntent answers.' })
export class CreatePaymentIntentPayload extends PaymentPayload {
  @Field(() => String, {
    description:
      "What Stripe's browser library pays it with: `pi_…_secret_…`. Whoever has it can pay and see this payment: hand it to the payer alone, and log it nowhere. It is not kept in the clear.",
  })
  clientSecret!: string;
}

@ObjectType('CancelPaymentIntentPayload', { description: 'What cancelPaymentIntent answers.' })
export class CancelPaymentIntentPayload extends PaymentPayload {}

@ObjectType('RefundPaymentPayload', { description: 'What refundPayment answers.' })
export class RefundPaymentPayload extends PaymentPayload {
  @Field(() => RefundType, { description: 'The refund.' })
  refund!: Refund;
}

@Resolver()
export class PaymentWritesResolver {
  @Mutation(() => CreatePaymentIntentPayload, {
    description:
      'Begins a payment, which a browser makes with the secret that is answered. `BAD_USER_INPUT` with the field, also for less or more than Stripe charges; `NOT_FOUND` for a customer that you do not have; `STRIPE_ERROR`.',
  })
  @RequiresScopes('payments:write')
  async createPaymentIntent(
    @Arg('input', () => CreatePaymentIntentInput, { description: 'The payment.' }) input: CreatePaymentIntentInput,
    @Ctx() context: MutationContext,
  ): Promise<CreatePaymentIntentPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    return createPaymentIntent({ ...toolsOf(context), stripe }, tenant, input);
  }

  @Mutation(() => CancelPaymentIntentPayload, {
    description:
      'Gives a payment up that was not made; what is held on the card goes back. `NOT_FOUND`; `CONFLICT` where it was made or given up already, or belongs to an invoice or an open checkout; `STRIPE_ERROR`.',
  })
  @RequiresScopes('payments:write')
  async cancelPaymentIntent(
    @Arg('input', () => CancelPaymentIntentInput, { description: 'Which payment, and why.' })
    input: CancelPaymentIntentInput,
    @Ctx() context: MutationContext,
  ): Promise<CancelPaymentIntentPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    return { paymentId: await cancelPaymentIntent({ ...toolsOf(context), stripe }, tenant, input) };
  }

  @Mutation(() => RefundPaymentPayload, {
    description:
      'Gives a payment back to where it came from, all of it or a part; several parts one after the other. `BAD_USER_INPUT` with the field, also for more than is left; `NOT_FOUND`; `CONFLICT` where nothing was taken, all was given back, or the payer disputes it; `STRIPE_ERROR`. What the invoice or subscription is that it paid for does not change.',
  })
  @RequiresScopes('payments:write')
  async refundPayment(
    @Arg('input', () => RefundPaymentInput, { description: 'What is given back, and why.' }) input: RefundPaymentInput,
    @Ctx() context: MutationContext,
  ): Promise<RefundPaymentPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { paymentId } = input;
    return { paymentId, refund: await refundPayment({ ...toolsOf(context), stripe }, tenant, input) };
  }
}

const toolsOf = ({ operation, log }: MutationContext) => ({ operation, log });

const leaves = (payload: new () => PaymentPayload, description: string): (new () => object) => {
  @Resolver(() => payload)
  class PayloadResolver {
    @FieldResolver(() => PaymentType, { description })
    payment(@Root() { paymentId }: PaymentPayload, @Ctx() { read }: GraphContext, @Info() info: GraphQLResolveInfo) {
      return read.one(Payment, { id: paymentId }, info);
    }
  }
  return PayloadResolver;
};

export const paymentPayloadResolvers = [
  leaves(CreatePaymentIntentPayload, 'The new payment.'),
  leaves(CancelPaymentIntentPayload, 'The payment as it is now.'),
  leaves(RefundPaymentPayload, 'The payment as it is now.'),
] as const;
