import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Field, FieldResolver, ID, Info, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { type GraphContext, type MutationContext, tenantOf } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { linkStripeCustomer } from '../../ingestion/webhooks/link-stripe-customer.ts';
import { createCustomer } from './create-customer.ts';
import { Customer } from './customer.entity.ts';
import {
  CreateCustomerInput,
  DeleteCustomerInput,
  LinkStripeCustomerInput,
  UpdateCustomerInput,
  UpsertCustomerInput,
} from './customer.inputs.ts';
import { CustomerType } from './customer.type.ts';
import { deleteCustomer } from './delete-customer.ts';
import { updateCustomer } from './update-customer.ts';
import { upsertCustomer } from './upsert-customer.ts';

/** What a mutation answers that leaves a customer: its field is read after the commit. */
abstract class CustomerPayload {
  customerId!: string;
}

@ObjectType('CreateCustomerPayload', { description: 'What createCustomer answers.' })
export class CreateCustomerPayload extends CustomerPayload {}

@ObjectType('UpdateCustomerPayload', { description: 'What updateCustomer answers.' })
export class UpdateCustomerPayload extends CustomerPayload {}

@ObjectType('UpsertCustomerPayload', { description: 'What upsertCustomer answers.' })
export class UpsertCustomerPayload extends CustomerPayload {}

@ObjectType('LinkStripeCustomerPayload', { description: 'What linkStripeCustomer answers.' })
export class LinkStripeCustomerPayload extends CustomerPayload {}

@ObjectType('DeleteCustomerPayload', { simpleResolvers: true, description: 'What deleteCustomer answers.' })
export class DeleteCustomerPayload {
  @Field(() => ID, { description: 'Our id of the customer who is gone: `pc_…`.' })
  deletedCustomerId!: string;
}

@Resolver()
export class CustomerWritesResolver {
  @Mutation(() => CreateCustomerPayload, {
    description:
      'Makes a customer, here and in Stripe. `BAD_USER_INPUT` with the field; `CONFLICT` with the field where the email or external id is taken; `STRIPE_ERROR` where Stripe cannot be reached, and then there is no customer.',
  })
  @RequiresScopes('customers:write')
  async createCustomer(
    @Arg('input', () => CreateCustomerInput, { description: 'The customer.' }) input: CreateCustomerInput,
    @Ctx() context: MutationContext,
  ): Promise<CreateCustomerPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { em, operation, log } = context;
    return { customerId: await createCustomer({ em, stripe, operation, log }, tenant, input) };
  }

  @Mutation(() => UpdateCustomerPayload, {
    description:
      'Changes a customer, here and in Stripe: what is left out stays, null takes it away. `BAD_USER_INPUT` with the field; `NOT_FOUND`; `CONFLICT` with the field where another customer has the email or external id; `STRIPE_ERROR`, after which nothing has changed unless it is `retryable`.',
  })
  @RequiresScopes('customers:write')
  async updateCustomer(
    @Arg('input', () => UpdateCustomerInput, { description: 'Who changes, and how.' }) input: UpdateCustomerInput,
    @Ctx() context: MutationContext,
  ): Promise<UpdateCustomerPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { em, operation, log } = context;
    return { customerId: await updateCustomer({ em, stripe, operation, log }, tenant, input) };
  }

  @Mutation(() => UpsertCustomerPayload, {
    description:
      'Makes the customer with your own id, or changes it where there is one: for backends that do not remember whether they called before. Errors are those of createCustomer.',
  })
  @RequiresScopes('customers:write')
  async upsertCustomer(
    @Arg('input', () => UpsertCustomerInput, { description: 'The customer.' }) input: UpsertCustomerInput,
    @Ctx() context: MutationContext,
  ): Promise<UpsertCustomerPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { em, operation, log } = context;
    return { customerId: await upsertCustomer({ em, stripe, operation, log }, tenant, input) };
  }

  @Mutation(() => DeleteCustomerPayload, {
    description:
      'Deletes a customer in Stripe, for good: every subscription ends at once, and nothing is refunded. Here, what is personal goes from the customer; the audit log keeps what was written, and the inbox of webhooks its events for 30 days; ended subscriptions, invoices and payments stay for your books. Email and external id are free again. `NOT_FOUND`, also where it is deleted already; `STRIPE_ERROR`.',
  })
  @RequiresScopes('customers:write')
  async deleteCustomer(
    @Arg('input', () => DeleteCustomerInput, { description: 'Who goes.' }) input: DeleteCustomerInput,
    @Ctx() context: MutationContext,
  ): Promise<DeleteCustomerPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { operation, log } = context;
    return { deletedCustomerId: await deleteCustomer({ stripe, operation, log }, tenant, input) };
  }

  @Mutation(() => LinkStripeCustomerPayload, {
    description:
      'Takes a customer that exists in Stripe into this project, with the subscriptions, which follow in the background. Nothing is written in Stripe. A customer that is linked here already is answered as it is. `NOT_FOUND` where Stripe has no such customer; `CONFLICT` where it belongs to another project, by its row or its metadata, or where another customer has its email or the external id.',
  })
  @RequiresScopes('customers:write')
  async linkStripeCustomer(
    @Arg('input', () => LinkStripeCustomerInput, { description: 'Who is linked.' }) input: LinkStripeCustomerInput,
    @Ctx() context: MutationContext,
  ): Promise<LinkStripeCustomerPayload> {
    const { projectId } = await tenantOf(context);
    const connection = (await context.stripeConnection())!;
    return { customerId: await linkStripeCustomer(context, connection, { ...input, projectId }) };
  }
}

/** The customer that a mutation left, read after its commit. */
const leaves = (payload: new () => CustomerPayload, description: string): (new () => object) => {
  @Resolver(() => payload)
  class PayloadResolver {
    @FieldResolver(() => CustomerType, { description })
    customer(@Root() { customerId }: CustomerPayload, @Ctx() { read }: GraphContext, @Info() info: GraphQLResolveInfo) {
      return read.one(Customer, { id: customerId }, info);
    }
  }
  return PayloadResolver;
};

export const customerPayloadResolvers = [
  leaves(CreateCustomerPayload, 'The new customer.'),
  leaves(UpdateCustomerPayload, 'The customer as it is now.'),
  leaves(UpsertCustomerPayload, 'The customer as it is now.'),
  leaves(LinkStripeCustomerPayload, 'The customer.'),
] as const;
