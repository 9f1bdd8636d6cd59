import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Field, ID, Info, InputType, Query, Resolver } from 'type-graphql';
import { type Connection, ConnectionArgs } from '../../graphql/connection.ts';
import { connected, type GraphContext, type GuardedContext } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { inProject } from '../../identity/access/principal.ts';
import { Invoice } from './invoice.entity.ts';
import { InvoiceConnection, InvoiceType } from './invoice.type.ts';
import { InvoicePreviewType } from './invoice-preview.type.ts';
import type { InvoiceStatus } from './invoice-status.ts';
import { InvoiceStatusEnum } from './invoice-status.type.ts';
import { upcomingInvoice } from './upcoming-invoice.ts';

@InputType('InvoiceFilter', { description: 'Which invoices: those that all of these admit.' })
export class InvoiceFilter {
  @Field(() => ID, { nullable: true, description: 'Those of a customer: `pc_…`.' })
  customerId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Those of a subscription: `ps_…`.' })
  subscriptionId?: string | null;

  @Field(() => [InvoiceStatusEnum], { nullable: true, description: 'Those with one of these statuses.' })
  status?: InvoiceStatus[] | null;
}

@Resolver()
export class InvoiceResolver {
  @Query(() => InvoiceType, {
    nullable: true,
    description: 'One invoice; null where there is none. A customer token finds those of its own customer only.',
  })
  @RequiresScopes('invoices:read')
  invoice(
    @Arg('id', () => ID, { description: "Our id, `inv_…`, or Stripe's, `in_…`." }) id: string,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.one(Invoice, id.startsWith('in_') ? { stripeInvoiceId: id } : { id }, info);
  }

  @Query(() => InvoiceConnection, {
    description: 'Every invoice of the project and environment; with a customer token, those of its own customer.',
  })
  @RequiresScopes('invoices:read')
  invoices(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => InvoiceFilter, { nullable: true, description: 'Which invoices; all where it is left out.' })
    filter: InvoiceFilter | null,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<InvoiceType>> {
    const { customerId, subscriptionId, status } = filter ?? {};
    const where = {
      ...(customerId != null && { customer: customerId }),
      ...(subscriptionId != null && { subscription: subscriptionId }),
      ...(status && { status }),
    };
    return read.connection(Invoice, page, info, { where });
  }

  @Query(() => InvoicePreviewType, {
    nullable: true,
    description:
      'What is billed next: for a subscription, or for a customer by whichever subscription comes first. Null where nothing comes (it has ended, or is set to end) and where there is no such customer or subscription. Stripe is asked: `STRIPE_ERROR` where it cannot be reached, `CONFLICT` where none is connected. Exactly one of the arguments, or `BAD_USER_INPUT`; a customer token may leave out both.',
  })
  @RequiresScopes('invoices:read')
  async upcomingInvoice(
    @Arg('customerId', () => ID, { nullable: true, description: 'Whose: `pc_…`.' }) customerId: string | null,
    @Arg('subscriptionId', () => ID, { nullable: true, description: 'Of which subscription: `ps_…`.' })
    subscriptionId: string | null,
    @Ctx() context: GuardedContext,
  ): Promise<InvoicePreviewType | null> {
    const { em, principal } = context;
    const { stripe } = await connected(context);
    return upcomingInvoice({ em, stripe }, inProject(principal), { customerId, subscriptionId }, principal.customerId);
  }
}
