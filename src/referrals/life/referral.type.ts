import { Field, ID, ObjectType } from 'type-graphql';
import { CustomerType } from '../../billing/customers/customer.type.ts';
import { type Connection, ConnectionField, connectionOf } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enum-of.ts';
import { NodeType } from '../../graphql/node.type.ts';
import { ReferralCodeType } from '../codes/referral-code.type.ts';
import { ReferralRewardConnection, type ReferralRewardType } from '../rewards/referral-reward.type.ts';

export const ReferralStatusEnum = enumOf('ReferralStatus', 'What became of a referral.', {
  PENDING: 'The code was applied, and nothing that counts was paid yet.',
  QUALIFIED: 'An invoice was paid. Its credit is held until `holdUntil`.',
  CONVERTED: 'Credited.',
  REVERSED: 'What was paid was refunded or disputed, within the hold or after it: credit was taken back.',
  REJECTED: 'Nobody is credited: see `reason`.',
});

export const ReferralReasonEnum = enumOf('ReferralReason', 'Why a referral was rejected or reversed.', {
  SAME_EMAIL: 'Both have the same address, apart from tags (`+…`) and, at Gmail, dots.',
  SAME_CARD: 'Both pay, or paid, with the same card or account.',
  ALREADY_PAYING:
    'The referee had paid before the code was applied, also where that came to be known when it was converted.',
  CAP_REACHED: "The referrer's cap is reached.",
  CYCLE: 'The referee referred the referrer, whether himself or through others.',
  CODE_INACTIVE: 'The code was deactivated, and what was open by it was rejected.',
  PROGRAMME_DISABLED: 'The programme was disabled, and what was open was rejected.',
  CURRENCY_MISMATCH:
    'What was paid is of another currency than the credit. Not for good: an invoice that was paid earlier and comes to be known later decides anew.',
  CUSTOMER_DELETED: 'Who was to be credited was deleted before. Not for good, as CURRENCY_MISMATCH.',
  REFUNDED: 'REVERSED: what is left of the payment is not enough.',
  DISPUTED: "REVERSED: the payer's bank disputes the payment, or took it back.",
});

@ObjectType('Referral', {
  implements: NodeType,
  description:
    'That one customer referred another, and what became of it. It keeps the terms that it was applied under.',
})
export class ReferralType {
  @Field(() => ID, { description: 'Our id: `ref_…`.' })
  id!: string;

  @Field(() => ReferralStatusEnum, { description: 'What became of it.' })
  status!: keyof typeof ReferralStatusEnum;

  @Field(() => ReferralReasonEnum, { nullable: true, description: 'Why it is REJECTED or REVERSED. Null otherwise.' })
  reason!: keyof typeof ReferralReasonEnum | null;

  @Field(() => CustomerType, {
    nullable: true,
    description: 'Who referred. Null where a customer token asks, and it is somebody else.',
  })
  referrer!: CustomerType | null;

  @Field(() => CustomerType, {
    nullable: true,
    description: 'Who was referred. Null where a customer token asks, and it is somebody else.',
  })
  referee!: CustomerType | null;

  @Field(() => ReferralCodeType, {
    nullable: true,
    description: "By which code. Null where the referee's token asks.",
  })
  code!: ReferralCodeType | null;

  @ConnectionField(() => ReferralRewardConnection, {
    description: "What is or was to be credited, and to whom; with a customer token, its own customer's.",
  })
  rewards!: Connection<ReferralRewardType>;

  @Field(() => Date, { description: 'When the code was applied.' })
  appliedAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When the first paid invoice was seen. Null where none was.' })
  qualifiedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'Until when its first credit is, or was, held. Null before.' })
  holdUntil!: Date | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When it was first credited, also where that was reversed since. Null where it never was.',
  })
  convertedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was reversed or rejected. Null otherwise.' })
  endedAt!: Date | null;

  @Field(() => Date, { description: 'When it was made: when the code was applied.' })
  createdAt!: Date;
}

export const ReferralConnection = connectionOf('Referral', () => ReferralType);
