import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Field, ID, Info, InputType, Query, Resolver } from 'type-graphql';
import { type Connection, ConnectionArgs } from '../../graphql/connection.ts';
import type { GraphContext } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { Payment } from './payment.entity.ts';
import { PaymentConnection, PaymentType } from './payment.type.ts';
import type { PaymentStatus } from './payment-statuses.ts';
import { PaymentStatusEnum } from './payment-statuses.type.ts';

@InputType('PaymentFilter', { description: 'Which payments: those that all of these admit.' })
export class PaymentFilter {
  @Field(() => ID, { nullable: true, description: 'Those of a customer: `pc_…`.' })
  customerId?: string | null;

  @Field(() => [PaymentStatusEnum], { nullable: true, description: 'Those with one of these statuses.' })
  status?: PaymentStatus[] | null;
}

@Resolver()
export class PaymentResolver {
  @Query(() => PaymentType, { nullable: true, description: 'One payment; null where there is none.' })
  @RequiresScopes('payments:read')
  payment(
    @Arg('id', () => ID, { description: "Our id, `pay_…`, or Stripe's, `pi_…`." }) id: string,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.one(Payment, id.startsWith('pi_') ? { stripePaymentIntentId: id } : { id }, info);
  }

  @Query(() => PaymentType, {
    nullable: true,
    description: "One payment, by Stripe's word for it: the same as `payment`. Null where there is none.",
  })
  @RequiresScopes('payments:read')
  paymentIntent(
    @Arg('id', () => ID, { description: "Our id, `pay_…`, or Stripe's, `pi_…`." }) id: string,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.payment(id, context, info);
  }

  @Query(() => PaymentConnection, {
    description: 'Every payment of the project and environment, whatever became of it.',
  })
  @RequiresScopes('payments:read')
  payments(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => PaymentFilter, { nullable: true, description: 'Which payments; all where it is left out.' })
    filter: PaymentFilter | null,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<PaymentType>> {
    const { customerId, status } = filter ?? {};
    const where = { ...(customerId != null && { customer: customerId }), ...(status && { status }) };
    return read.connection(Payment, page, info, { where });
  }
}
