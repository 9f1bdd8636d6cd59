import { Field, ID, ObjectType } from 'type-graphql';
import { enumOf } from '../../graphql/enum-of.ts';
import { NodeType } from '../../graphql/node.type.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { PriceType } from '../catalog/price.type.ts';
import { CustomerType } from '../customers/customer.type.ts';
import { PaymentType } from '../payments/payment.type.ts';
import { SubscriptionType } from '../subscriptions/subscription.type.ts';
import type { CheckoutMode, CheckoutPaymentStatus, CheckoutStatus } from './checkout-session.entity.ts';

export const CheckoutModeEnum = enumOf<CheckoutMode>('CheckoutMode', 'What a checkout session is for.', {
  SUBSCRIPTION: 'Start a subscription to a recurring price.',
  PAYMENT: 'Pay a one-time price.',
  SETUP: 'Save a payment method for later. Nothing is sold.',
});

const CheckoutStatusEnum = enumOf<CheckoutStatus>('CheckoutStatus', 'Where a checkout session stands.', {
  OPEN: 'The buyer may still pay.',
  COMPLETE: 'The buyer is done. Whether the money has come is in `paymentStatus`.',
  EXPIRED: 'Nobody paid in time. Final.',
});

const CheckoutPaymentStatusEnum = enumOf<CheckoutPaymentStatus>(
  'CheckoutPaymentStatus',
  'Whether the money has come.',
  {
    PAID: 'It has.',
    UNPAID: 'Not yet. A bank debit takes days after the session is COMPLETE.',
    NOT_REQUIRED: 'Nothing was due, as with a trial, or a payment method was only saved.',
  },
);

@ObjectType('CheckoutSession', {
  implements: NodeType,
  description: 'A page of Stripe where a customer pays, and what came of it.',
})
export class CheckoutSessionType {
  @Field(() => ID, { description: 'Our id: `pcs_…`.' })
  id!: string;

  @Field(() => CheckoutModeEnum, { description: 'What it is for.' })
  mode!: CheckoutMode;

  @Field(() => CheckoutStatusEnum, { description: 'Where it stands.' })
  status!: CheckoutStatus;

  @Field(() => CheckoutPaymentStatusEnum, {
    nullable: true,
    description: 'Whether the money has come. Null until Stripe has told anything of the session.',
  })
  paymentStatus!: CheckoutPaymentStatus | null;

  @Field(() => Date, { nullable: true, description: 'When the page stops taking payments. Null until Stripe says.' })
  expiresAt!: Date | null;

  @RequiresScopes('customers:read')
  @Field(() => CustomerType, {
    nullable: true,
    description:
      'Who buys. Null for a guest who has not paid, and for the moment until Stripe has told of the customer that the guest became.',
  })
  customer!: CustomerType | null;

  @Field(() => PriceType, {
    nullable: true,
    description: 'What is bought; of several line items the first. Null in mode SETUP.',
  })
  price!: PriceType | null;

  @RequiresScopes('subscriptions:read')
  @Field(() => SubscriptionType, {
    nullable: true,
    description:
      'What came of mode SUBSCRIPTION. Null before the buyer is done, and for the moment until Stripe has told of it.',
  })
  subscription!: SubscriptionType | null;

  @RequiresScopes('payments:read')
  @Field(() => PaymentType, {
    nullable: true,
    description:
      'What came of mode PAYMENT. Null before the buyer is done, and for the moment until Stripe has told of it.',
  })
  payment!: PaymentType | null;

  @Field(() => String, { description: "Stripe's id: `cs_…`." })
  stripeSessionId!: string;

  @Field(() => Date, { description: 'When the session was opened.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When anything of the session last changed here.' })
  updatedAt!: Date;
}
