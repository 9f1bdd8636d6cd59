import { Field, ObjectType } from 'type-graphql';
import { CustomerType } from '../billing/customers/customer.type.ts';
import { InvoiceConnection, type InvoiceType } from '../billing/invoices/invoice.type.ts';
import { SubscriptionConnection, type SubscriptionType } from '../billing/subscriptions/subscription.type.ts';
import { EntitlementConnection, type EntitlementType } from '../entitlements/current/entitlement.type.ts';
import { type Connection, ConnectionField } from '../graphql/connection.ts';
import { RequiresScopes } from '../graphql/requires-scopes.ts';
import { BigIntScalar } from '../graphql/scalars.ts';

@ObjectType('CustomerState', {
  description:
    'What a customer has, what that lets him use, and what he owes, at one instant: whatever is selected of it, it is read at once, and fits together.',
})
export class CustomerStateType {
  @Field(() => BigIntScalar, {
    description:
      'Grows with each change of the customer, the subscriptions with their items, prices and products, the invoices, the features and grants, and the usage; never shrinks, and never stays the same when one of these differs. Compare it as a number. What else can be reached through `customer`, such as payments, is not counted.',
  })
  version!: bigint;

  @Field(() => Date, {
    nullable: true,
    description:
      'The next instant at which the state changes by time alone: a period, a trial, a pause or a grace period ends, a grant begins or expires. Moments later the version grows. Null where none is known.',
  })
  changesAt!: Date | null;

  @RequiresScopes('customers:read')
  @Field(() => CustomerType, { description: 'Whose state it is.' })
  customer!: CustomerType;

  @RequiresScopes('subscriptions:read')
  @ConnectionField(() => SubscriptionConnection, {
    description: 'The subscriptions that have not ended, also where they give no access.',
  })
  subscriptions!: Connection<SubscriptionType>;

  @RequiresScopes('entitlements:read')
  @ConnectionField(() => EntitlementConnection, {
    description: 'The features that he has now, in the order in which the features were made.',
  })
  entitlements!: Connection<EntitlementType>;

  @RequiresScopes('invoices:read')
  @ConnectionField(() => InvoiceConnection, { description: 'The invoices that are to be paid: status OPEN.' })
  openInvoices!: Connection<InvoiceType>;
}
