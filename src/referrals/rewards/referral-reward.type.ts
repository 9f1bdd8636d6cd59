import { Field, ID, ObjectType } from 'type-graphql';
import { CustomerType } from '../../billing/customers/customer.type.ts';
import { connectionOf } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enum-of.ts';
import { type Money, MoneyType } from '../../graphql/money.type.ts';
import { NodeType } from '../../graphql/node.type.ts';

export const ReferralBeneficiaryEnum = enumOf('ReferralBeneficiary', 'Who gets a reward.', {
  REFERRER: 'Whose code was applied.',
  REFEREE: 'Who applied it.',
});

export const ReferralRewardStatusEnum = enumOf('ReferralRewardStatus', 'What became of a reward.', {
  HELD: 'Earned, and not credited before `holdUntil`.',
  CREDITED: 'The ledger owes it to the customer, and it is put on his balance in Stripe.',
  CLAWED_BACK: 'It was credited, and was taken back.',
  CANCELED: 'It was never credited.',
});

export const ReferralRewardReasonEnum = enumOf('ReferralRewardReason', 'Why a reward is not, or no longer, credited.', {
  REFUNDED: 'What is left of the payment is not enough.',
  DISPUTED: "The payment is, or was lost to, a dispute of the payer's bank.",
  CURRENCY_MISMATCH: 'The invoice, or what Stripe bills its customer, is of another currency than the reward.',
  CUSTOMER_DELETED: 'Its customer was deleted before.',
  NOT_AMONG_FIRST: 'An invoice that was paid earlier came to be known: it is that one which is rewarded.',
  REFERRAL_REJECTED: 'The referral was rejected.',
});

@ObjectType('ReferralReward', {
  implements: NodeType,
  description: 'What one of the two of a referral gets for an invoice that was paid, or for applying the code.',
})
export class ReferralRewardType {
  @Field(() => ID, { description: 'Our id: `rew_…`.' })
  id!: string;

  @Field(() => ReferralBeneficiaryEnum, { description: 'Which one of the two gets it.' })
  beneficiary!: keyof typeof ReferralBeneficiaryEnum;

  @Field(() => CustomerType, { description: 'Who gets it.' })
  customer!: CustomerType;

  @Field(() => MoneyType, { description: 'How much.' })
  amount!: Money;

  @Field(() => ReferralRewardStatusEnum, { description: 'What became of it.' })
  status!: keyof typeof ReferralRewardStatusEnum;

  @Field(() => ReferralRewardReasonEnum, {
    nullable: true,
    description: 'Why it is CLAWED_BACK or CANCELED. Null otherwise.',
  })
  reason!: keyof typeof ReferralRewardReasonEnum | null;

  @Field(() => ID, {
    nullable: true,
    description: "Our id of the referee's invoice that earned it: `inv_…`. Null for applying the code.",
  })
  invoiceId!: string | null;

  @Field(() => Date, { description: 'Until when it is, or was, held.' })
  holdUntil!: Date;

  @Field(() => Date, { nullable: true, description: 'When it was credited. Null where it was not.' })
  creditedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was clawed back or canceled. Null otherwise.' })
  endedAt!: Date | null;

  @Field(() => Date, { description: 'When it was earned, or would have been.' })
  createdAt!: Date;
}

export const ReferralRewardConnection = connectionOf('ReferralReward', () => ReferralRewardType);
