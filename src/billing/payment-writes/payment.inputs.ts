import { Field, ID, InputType } from 'type-graphql';
import { enumOf } from '../../graphql/enum-of.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { BigIntScalar, CurrencyCodeScalar, MetadataScalar } from '../../graphql/scalars.ts';
import type { CancellationReason } from './cancel-payment-intent.ts';
import type { RefundReason } from './refund.ts';
import { RefundReasonEnum } from './refund.type.ts';

export const PaymentCancellationReasonEnum = enumOf<CancellationReason>(
  'PaymentCancellationReason',
  'Why a payment is given up.',
  {
    ABANDONED: 'The payer went away.',
    DUPLICATE: 'It was begun twice.',
    FRAUDULENT: 'It is taken for fraud.',
    REQUESTED_BY_CUSTOMER: 'The customer asked for it.',
  },
);

@InputType('CreatePaymentIntentInput', { description: 'A payment that a browser is to make.' })
export class CreatePaymentIntentInput extends MutationInput {
  @Field(() => BigIntScalar, {
    description:
      'What is to be paid, in minor units of the currency: 1 to 99999999, and no less than Stripe charges (about half a US dollar). In BHD, JOD, KWD, OMR and TND the last digit must be 0.',
  })
  amount!: bigint;

  @Field(() => CurrencyCodeScalar, { description: 'The currency that is charged.' })
  currency!: string;

  @Field(() => ID, { nullable: true, description: 'Who pays: `pc_…`. A guest where it is left out.' })
  customerId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where Stripe sends the receipt, at most 512 characters. None is sent where it is left out.',
  })
  receiptEmail?: string | null;

  @Field(() => String, { nullable: true, description: 'A note, at most 1,000 characters.' })
  description?: string | null;

  @Field(() => MetadataScalar, {
    nullable: true,
    description: 'Your own notes: at most 40 keys; those that begin with `billgraph_` are reserved.',
  })
  metadata?: Record<string, string> | null;
}

@InputType('CancelPaymentIntentInput', { description: 'Which payment is given up.' })
export class CancelPaymentIntentInput extends MutationInput {
  @Field(() => ID, { description: 'The payment: `pay_…`. `NOT_FOUND` where you have none of this id.' })
  paymentId!: string;

  @Field(() => PaymentCancellationReasonEnum, { nullable: true, description: 'Why.' })
  reason?: CancellationReason | null;
}

@InputType('RefundPaymentInput', { description: 'What of a payment is given back.' })
export class RefundPaymentInput extends MutationInput {
  @Field(() => ID, { description: 'The payment: `pay_…`. `NOT_FOUND` where you have none of this id.' })
  paymentId!: string;

  @Field(() => BigIntScalar, {
    nullable: true,
    description:
      "How much, in minor units of the payment's currency: 1 to what is left of it, or `BAD_USER_INPUT`. All that is left where it is left out.",
  })
  amount?: bigint | null;

  @Field(() => RefundReasonEnum, { nullable: true, description: 'Why.' })
  reason?: RefundReason | null;

  @Field(() => MetadataScalar, {
    nullable: true,
    description:
      'Your own notes on the refund in Stripe: at most 40 keys; those that begin with `billgraph_` are reserved.',
  })
  metadata?: Record<string, string> | null;
}
