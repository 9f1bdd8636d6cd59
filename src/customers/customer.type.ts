import { Field, ID, ObjectType } from 'type-graphql';
import { type Connection, ConnectionField, connectionOf } from '../graphql/connection.ts';
import { RequiresScopes } from '../graphql/requires-scopes.ts';
import { MetadataScalar } from '../graphql/scalars.ts';
import { SubscriptionConnection, SubscriptionType } from '../subscriptions/subscription.type.ts';

@ObjectType('Customer', { description: 'Somebody who buys from you: the one whom Stripe bills.' })
export class CustomerType {
  @Field(() => ID, { description: 'Our id: `pc_…`.' })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description: 'In lower case, unique in the project and environment. Null where none was given.',
  })
  email!: string | null;

  @Field(() => String, { nullable: true, description: 'The name on invoices. Null where none was given.' })
  name!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Your own id of this customer, unique in the project and environment. Null where none was given.',
  })
  externalId!: string | null;

  @Field(() => String, { description: "Stripe's id: `cus_…`." })
  stripeCustomerId!: string;

  @Field(() => MetadataScalar, {
    description: 'Your own notes, kept in Stripe too. A customer token reads them: keep secrets elsewhere.',
  })
  metadata!: Record<string, string>;

  @RequiresScopes('subscriptions:read')
  @Field(() => SubscriptionType, {
    nullable: true,
    description:
      'The subscription that counts: the newest of those that give access, or else the newest of all. Null where there never was one.',
  })
  subscription!: SubscriptionType | null;

  @RequiresScopes('subscriptions:read')
  @ConnectionField(() => SubscriptionConnection, { description: 'Every subscription, ended ones too.' })
  subscriptions!: Connection<SubscriptionType>;

  @Field(() => Date, { description: 'When the customer was made.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When anything of the customer last changed here.' })
  updatedAt!: Date;
}

export const CustomerConnection = connectionOf('Customer', () => CustomerType);
