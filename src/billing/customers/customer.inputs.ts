import { Field, ID, InputType } from 'type-graphql';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { MetadataScalar } from '../../graphql/scalars.ts';

@InputType('AddressInput', { description: 'A postal address. It replaces the one before as a whole.' })
export class AddressInput {
  @Field(() => String, {
    nullable: true,
    description: 'Street and number, or a post office box: at most 500 characters.',
  })
  line1?: string | null;

  @Field(() => String, { nullable: true, description: 'Apartment, suite, unit: at most 500 characters.' })
  line2?: string | null;

  @Field(() => String, { nullable: true, description: 'City, town or village: at most 500 characters.' })
  city?: string | null;

  @Field(() => String, { nullable: true, description: 'State, county or province: at most 500 characters.' })
  state?: string | null;

  @Field(() => String, { nullable: true, description: 'The postal code: at most 20 characters.' })
  postalCode?: string | null;

  @Field(() => String, { nullable: true, description: 'Two letters of ISO 3166-1, in upper case: `DE`.' })
  country?: string | null;
}

/** What can be said of a customer, whether it is made or changed. */
@InputType()
abstract class CustomerDetails extends MutationInput {
  @Field(() => String, {
    nullable: true,
    description: 'The name on invoices, at most 256 characters. Null takes it away.',
  })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'A phone number, at most 20 characters. Null takes it away.' })
  phone?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A note of yours about the customer, at most 5,000 characters. Null takes it away.',
  })
  description?: string | null;

  @Field(() => AddressInput, { nullable: true, description: 'Where invoices are addressed to. Null takes it away.' })
  address?: AddressInput | null;

  @Field(() => MetadataScalar, {
    nullable: true,
    description:
      'Your own notes: at most 40 keys; those that begin with `billgraph_` are reserved. They replace those of before.',
  })
  metadata?: Record<string, string> | null;
}

@InputType('CreateCustomerInput', { description: 'A new customer.' })
export class CreateCustomerInput extends CustomerDetails {
  @Field(() => String, { description: 'Kept in lower case; unique in the project and environment (`CONFLICT`).' })
  email!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Your own id of the customer, at most 255 characters; unique in the project and environment (`CONFLICT`).',
  })
  externalId?: string | null;
}

@InputType('UpdateCustomerInput', { description: 'What changes of a customer. What is left out stays.' })
export class UpdateCustomerInput extends CustomerDetails {
  @Field(() => ID, { description: 'The customer: `pc_…`. `NOT_FOUND` where you have none of this id.' })
  customerId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Kept in lower case; unique in the project and environment (`CONFLICT`). It cannot be taken away.',
  })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Your own id of the customer, at most 255 characters; unique in the project and environment (`CONFLICT`). Null takes it away.',
  })
  externalId?: string | null;
}

@InputType('UpsertCustomerInput', {
  description: 'A customer by your own id: what is there is changed, and what is left out stays.',
})
export class UpsertCustomerInput extends CustomerDetails {
  @Field(() => String, { description: 'Your own id of the customer, at most 255 characters.' })
  externalId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Needed where there is no such customer yet. Kept in lower case; unique in the project and environment (`CONFLICT`).',
  })
  email?: string | null;
}

@InputType('DeleteCustomerInput', { description: 'Who goes.' })
export class DeleteCustomerInput extends MutationInput {
  @Field(() => ID, { description: 'The customer: `pc_…`. `NOT_FOUND` where you have none of this id.' })
  customerId!: string;
}

@InputType('LinkStripeCustomerInput', { description: "A customer of Stripe's that becomes one of this project." })
export class LinkStripeCustomerInput extends MutationInput {
  @Field(() => String, { description: "Stripe's id of the customer: `cus_…`." })
  stripeCustomerId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Your own id of the customer, at most 255 characters; unique in the project and environment (`CONFLICT`).',
  })
  externalId?: string | null;
}
