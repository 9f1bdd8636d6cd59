import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.ts';
import { NodeType } from '../../graphql/node.type.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { CustomerType } from '../customers/customer.type.ts';

@ObjectType('PaymentMethod', {
  implements: NodeType,
  description: 'What a customer can pay with, as far as it may be shown.',
})
export class PaymentMethodType {
  @Field(() => ID, { description: 'Our id: `ppm_…`.' })
  id!: string;

  @Field(() => String, { description: "The kind, in Stripe's word: `card`, `sepa_debit`." })
  type!: string;

  @Field(() => String, { nullable: true, description: 'The brand of a card: `visa`. Null for what has none.' })
  brand!: string | null;

  @Field(() => String, { nullable: true, description: 'The last four digits. Null for what has none.' })
  last4!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The month of expiry, 1 to 12: it pays until the end of that month. Null for what does not expire.',
  })
  expiryMonth!: number | null;

  @Field(() => Int, { nullable: true, description: 'The year of expiry: `2034`. Null for what does not expire.' })
  expiryYear!: number | null;

  @Field(() => Boolean, {
    description: 'Whether it pays the invoices of its customer, where a subscription names no other.',
  })
  isDefault!: boolean;

  @RequiresScopes('customers:read')
  @Field(() => CustomerType, {
    nullable: true,
    description: 'Whose it is. Null once it is detached, and pays no more.',
  })
  customer!: CustomerType | null;

  @Field(() => Date, { nullable: true, description: 'When it was detached. Null while it can pay.' })
  detachedAt!: Date | null;

  @Field(() => String, { description: "Stripe's id: `pm_…`." })
  stripePaymentMethodId!: string;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When anything of it last changed here.' })
  updatedAt!: Date;
}

export const PaymentMethodConnection = connectionOf('PaymentMethod', () => PaymentMethodType);
