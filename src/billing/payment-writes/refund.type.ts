import { Field, ObjectType } from 'type-graphql';
import { enumOf } from '../../graphql/enum-of.ts';
import { type Money, MoneyType } from '../../graphql/money.type.ts';
import type { Refund, RefundReason, RefundStatus } from './refund.ts';

export const RefundReasonEnum = enumOf<RefundReason>('RefundReason', 'Why a payment is given back.', {
  DUPLICATE: 'It was taken twice.',
  FRAUDULENT: 'It is taken for fraud: Stripe blocks the card and the email address from now on.',
  REQUESTED_BY_CUSTOMER: 'The customer asked for it.',
});

const RefundStatusEnum = enumOf<RefundStatus>('RefundStatus', 'How far a refund has come.', {
  PENDING: 'On its way, which may take days.',
  REQUIRES_ACTION: 'The payer has to say where the money goes; Stripe asks by email.',
  SUCCEEDED: 'Sent. Banks take up to ten days to show it.',
  FAILED: 'The bank did not take it: the money is back with you.',
  CANCELED: 'Taken back before it was sent.',
  UNKNOWN: "Stripe's status is newer than this server: read `stripeStatus`.",
});

@ObjectType('Refund', {
  simpleResolvers: true,
  description:
    'Money of a payment on its way back, as Stripe answered when it was asked for. What all refunds of a payment come to is in its `amountRefunded`, which falls again where one fails.',
})
export class RefundType implements Refund {
  @Field(() => String, { description: "Stripe's id: `re_…`." })
  stripeRefundId!: string;

  @Field(() => RefundStatusEnum, { description: 'How far it had come.' })
  status!: RefundStatus;

  @Field(() => String, { description: "Stripe's own word for the status: `succeeded`." })
  stripeStatus!: string;

  @Field(() => MoneyType, { description: 'How much is given back.' })
  amount!: Money;

  @Field(() => RefundReasonEnum, { nullable: true, description: 'Why. Null where no reason was given.' })
  reason!: RefundReason | null;

  @Field(() => Date, { description: 'When it was asked for.' })
  createdAt!: Date;
}
