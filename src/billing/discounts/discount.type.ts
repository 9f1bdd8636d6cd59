import { Field, ID, ObjectType } from 'type-graphql';
import { enumOf } from '../../graphql/enum-of.ts';
import { type Money, MoneyType } from '../../graphql/money.type.ts';
import type { DiscountDuration } from './discount.ts';

export const DiscountDurationEnum = enumOf<DiscountDuration>('DiscountDuration', 'How long a discount lasts.', {
  FOREVER: 'Until somebody takes it away.',
  ONCE: 'For one invoice. It is no part of recurring revenue.',
  REPEATING: 'For a number of months: until `end`.',
});

@ObjectType('Discount', {
  simpleResolvers: true,
  description: 'A coupon that was redeemed: it takes a share or an amount off each invoice for as long as it lasts.',
})
export class DiscountType {
  @Field(() => ID, { description: "Stripe's id of the coupon, which your account chose." })
  couponId!: string;

  @Field(() => ID, {
    nullable: true,
    description: "Stripe's id of the promotion code that gave it: `promo_…`. Null where none did.",
  })
  promotionCodeId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What it is called on invoices. Null where the coupon has no name.',
  })
  name!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The share that it takes off, in percent, as a decimal: `12.5`. Null where it takes an amount.',
  })
  percentOff!: string | null;

  @Field(() => MoneyType, {
    nullable: true,
    description:
      "What it takes off each invoice, in the subscription's currency where the coupon has an amount in it, or else in the coupon's own. Null where it takes a share.",
  })
  amountOff!: Money | null;

  @Field(() => DiscountDurationEnum, { description: 'How long it lasts.' })
  duration!: DiscountDuration;

  @Field(() => [ID], {
    nullable: true,
    description: "Stripe's ids of the products that it is for: `prod_…`. Null where it is for all of them.",
  })
  stripeProductIds!: string[] | null;

  @Field(() => Date, { description: 'Since when it is there.' })
  start!: Date;

  @Field(() => Date, { nullable: true, description: 'When it ends by itself. Null where it does not.' })
  end!: Date | null;
}
