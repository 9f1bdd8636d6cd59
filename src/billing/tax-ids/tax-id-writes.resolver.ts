import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { type GraphContext, type MutationContext, tenantOf } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { Customer } from '../customers/customer.entity.ts';
import { CustomerType } from '../customers/customer.type.ts';
import { addCustomerTaxId } from './add-customer-tax-id.ts';
import { removeCustomerTaxId } from './remove-customer-tax-id.ts';
import { TaxId } from './tax-id.entity.ts';
import { AddCustomerTaxIdInput, RemoveCustomerTaxIdInput } from './tax-id.inputs.ts';
import { TaxIdType } from './tax-id.type.ts';

@ObjectType('AddCustomerTaxIdPayload', { description: 'What addCustomerTaxId answers.' })
export class AddCustomerTaxIdPayload {
  taxIdId!: string;
}

@ObjectType('RemoveCustomerTaxIdPayload', { description: 'What removeCustomerTaxId answers.' })
export class RemoveCustomerTaxIdPayload {
  customerId!: string;
}

@Resolver()
export class TaxIdWritesResolver {
  @Mutation(() => AddCustomerTaxIdPayload, {
    description:
      'Gives a customer a tax id, here and in Stripe, which asks the authorities for it: the status changes when they have answered. It stands on invoices from then on. Personal data: it is erased with the customer. `BAD_USER_INPUT` with the field; `NOT_FOUND`; `STRIPE_ERROR`.',
  })
  @RequiresScopes('customers:write')
  async addCustomerTaxId(
    @Arg('input', () => AddCustomerTaxIdInput, { description: 'The tax id.' }) input: AddCustomerTaxIdInput,
    @Ctx() context: MutationContext,
  ): Promise<AddCustomerTaxIdPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { operation, log } = context;
    return { taxIdId: await addCustomerTaxId({ stripe, operation, log }, tenant, input) };
  }

  @Mutation(() => RemoveCustomerTaxIdPayload, {
    description:
      'Takes a tax id from its customer, here and in Stripe, and erases it. Invoices that show it keep it. `NOT_FOUND`; `STRIPE_ERROR`.',
  })
  @RequiresScopes('customers:write')
  async removeCustomerTaxId(
    @Arg('input', () => RemoveCustomerTaxIdInput, { description: 'Which one.' }) input: RemoveCustomerTaxIdInput,
    @Ctx() context: MutationContext,
  ): Promise<RemoveCustomerTaxIdPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { operation, log } = context;
    return { customerId: await removeCustomerTaxId({ stripe, operation, log }, tenant, input) };
  }
}

@Resolver(() => AddCustomerTaxIdPayload)
class AddedResolver {
  @FieldResolver(() => TaxIdType, { description: 'The new tax id.' })
  taxId(@Root() { taxIdId }: AddCustomerTaxIdPayload, @Ctx() { read }: GraphContext, @Info() info: GraphQLResolveInfo) {
    return read.one(TaxId, { id: taxIdId }, info);
  }
}

@Resolver(() => RemoveCustomerTaxIdPayload)
class RemovedResolver {
  @FieldResolver(() => CustomerType, { description: 'The customer, without it.' })
  customer(
    @Root() { customerId }: RemoveCustomerTaxIdPayload,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.one(Customer, { id: customerId }, info);
  }
}

export const taxIdPayloadResolvers = [AddedResolver, RemovedResolver] as const;
