import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Args,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  Info,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { badInput } from '../errors.ts';
import { type Connection, ConnectionArgs } from '../graphql/connection.ts';
import { type GraphContext, type MutationContext, tenantOf } from '../graphql/graph-context.ts';
import { MutationInput } from '../graphql/mutation-input.ts';
import { RequiresScopes } from '../graphql/requires-scopes.ts';
import { MetadataScalar } from '../graphql/scalars.ts';
import { createCustomer } from './create-customer.ts';
import { Customer } from './customer.entity.ts';
import { CustomerConnection, CustomerType } from './customer.type.ts';

@InputType('CustomerBy', { description: 'How a customer is found: exactly one of these.' })
@Directive('@oneOf')
export class CustomerBy {
  @Field(() => ID, { nullable: true, description: 'Our id: `pc_…`.' })
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'Your own id of the customer.' })
  externalId?: string | null;

  @Field(() => String, { nullable: true, description: 'The email address, in any case.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: "Stripe's id: `cus_…`." })
  stripeId?: string | null;
}

@InputType('CreateCustomerInput', { description: 'A new customer.' })
export class CreateCustomerInput extends MutationInput {
  @Field(() => String, { description: 'Kept in lower case; unique in the project and environment (`CONFLICT`).' })
  email!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Your own id of the customer, at most 255 characters; unique in the project and environment (`CONFLICT`).',
  })
  externalId?: string | null;

  @Field(() => String, { nullable: true, description: 'The name on invoices, at most 256 characters.' })
  name?: string | null;

  @Field(() => MetadataScalar, {
    nullable: true,
    description: 'Your own notes: at most 40 keys; those that begin with `billgraph_` are reserved.',
  })
  metadata?: Record<string, string> | null;
}

@ObjectType('CreateCustomerPayload', { description: 'What createCustomer answers.' })
export class CreateCustomerPayload {
  customerId!: string;
}

@Resolver()
export class CustomerResolver {
  @Query(() => CustomerType, {
    nullable: true,
    description: 'One customer; null where there is none. A customer token finds its own customer only.',
  })
  @RequiresScopes('customers:read')
  customer(
    @Arg('by', () => CustomerBy, { description: 'Whom to find.' }) by: CustomerBy,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.one(Customer, whereOf(by), info);
  }

  @Query(() => CustomerConnection, { description: 'Every customer of the project and environment.' })
  @RequiresScopes('customers:read')
  customers(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<CustomerType>> {
    return read.connection(Customer, page, info);
  }

  @Mutation(() => CreateCustomerPayload, {
    description:
      'Makes a customer, here and in Stripe. `CONFLICT` with the field where the email or external id is taken; `STRIPE_ERROR` where Stripe cannot be reached, and then there is no customer.',
  })
  @RequiresScopes('customers:write')
  async createCustomer(
    @Arg('input', () => CreateCustomerInput, { description: 'The customer.' }) input: CreateCustomerInput,
    @Ctx() context: MutationContext,
  ): Promise<CreateCustomerPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { em, operation } = context;
    return { customerId: await createCustomer({ em, stripe, operation }, tenant, input) };
  }
}

@Resolver(() => CreateCustomerPayload)
export class CreateCustomerPayloadResolver {
  @FieldResolver(() => CustomerType, { description: 'The new customer.' })
  customer(
    @Root() { customerId }: CreateCustomerPayload,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.one(Customer, { id: customerId }, info);
  }
}

function whereOf({ id, externalId, email, stripeId }: CustomerBy) {
  if (id != null) return { id };
  if (externalId != null) return { externalId };
  if (email != null) return { email: email.trim().toLowerCase() };
  if (stripeId != null) return { stripeCustomerId: stripeId };
  throw badInput('Give one of id, externalId, email, stripeId, and not null.', 'by');
}
