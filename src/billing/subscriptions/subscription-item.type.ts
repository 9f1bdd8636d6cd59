import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.ts';
import { NodeType } from '../../graphql/node.type.ts';
import { PriceType } from '../catalog/price.type.ts';
import { DiscountType } from '../discounts/discount.type.ts';

@ObjectType('SubscriptionItem', {
  implements: NodeType,
  description: 'One price that a subscription bills, and how many of it.',
})
export class SubscriptionItemType {
  @Field(() => ID, { description: 'Our id: `psi_…`.' })
  id!: string;

  @Field(() => Int, { nullable: true, description: 'How many units are billed. Null for a metered price.' })
  quantity!: number | null;

  @Field(() => PriceType, {
    nullable: true,
    description: 'What is billed. Null where the price belongs to another project of the same Stripe account.',
  })
  price!: PriceType | null;

  @Field(() => [DiscountType], {
    description: 'The discounts of this item alone, in the order in which they are taken off.',
  })
  discounts!: DiscountType[];

  @Field(() => Date, { nullable: true, description: 'When the current billing period began. Null until Stripe says.' })
  currentPeriodStart!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When the current billing period ends. Null until Stripe says.' })
  currentPeriodEnd!: Date | null;

  @Field(() => String, { description: "Stripe's id: `si_…`." })
  stripeSubscriptionItemId!: string;

  @Field(() => Date, { description: 'When the item was added.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When anything of the item last changed here.' })
  updatedAt!: Date;
}

export const SubscriptionItemConnection = connectionOf('SubscriptionItem', () => SubscriptionItemType);
