import { Field, ID, InputType } from 'type-graphql';
import { MutationInput } from '../../graphql/mutation-input.ts';

@InputType('AddCustomerTaxIdInput', { description: 'A tax id, and whose it is.' })
export class AddCustomerTaxIdInput extends MutationInput {
  @Field(() => ID, { description: 'The customer: `pc_…`. `NOT_FOUND` where you have none of this id.' })
  customerId!: string;

  @Field(() => String, {
    description:
      "The kind, in Stripe's word: the country, and what it is called there, such as `eu_vat`, `gb_vat`, `us_ein`. `BAD_USER_INPUT` for one that Stripe does not know.",
  })
  type!: string;

  @Field(() => String, {
    description:
      'The id itself, at most 255 characters: `DE123456789`. `BAD_USER_INPUT` where it is not written as its kind is.',
  })
  value!: string;
}

@InputType('RemoveCustomerTaxIdInput', { description: 'Which tax id goes.' })
export class RemoveCustomerTaxIdInput extends MutationInput {
  @Field(() => ID, { description: 'The tax id: `ptx_…`. `NOT_FOUND` where you have none of this id.' })
  taxIdId!: string;
}
