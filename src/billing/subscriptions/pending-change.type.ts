import { Field, ID, Int, ObjectType } from 'type-graphql';
import { PriceType } from '../catalog/price.type.ts';

@ObjectType('PendingChangeItem', {
  simpleResolvers: true,
  description: 'One price that a subscription is going to bill, and how many of it.',
})
export class PendingChangeItemType {
  @Field(() => ID, { description: 'Our id of the price: `pri_…`.' })
  priceId!: string;

  @Field(() => Int, { nullable: true, description: 'How many units. Null for a metered price.' })
  quantity!: number | null;
}

@ObjectType('PendingChange', {
  description:
    'What updateSubscription set for the end of the period. Stripe makes it, also while this server is down.',
})
export class PendingChangeType {
  @Field(() => Date, { description: 'When it is made: at the end of the current period, or of the trial.' })
  appliesAt!: Date;

  @Field(() => PriceType, { description: 'The price of the first item from then on.' })
  price!: PriceType;

  @Field(() => Int, {
    nullable: true,
    description: 'How many units of the first item are billed from then on. Null for a metered price.',
  })
  quantity!: number | null;

  @Field(() => [PendingChangeItemType], { description: 'Everything that is billed from then on, at most 20 items.' })
  items!: PendingChangeItemType[];

  @Field(() => Date, { description: 'When it was asked for.' })
  createdAt!: Date;
}
