import { Field, Int, ObjectType } from 'type-graphql';
import type { Environment } from '../../environment.ts';
import { EnvironmentEnum } from '../../environment.type.ts';
import { enumOf } from '../../graphql/enum-of.ts';
import { type Money, MoneyType } from '../../graphql/money.type.ts';
import { CurrencyCodeScalar } from '../../graphql/scalars.ts';

export const RefereeCreditTimeEnum = enumOf('RefereeCreditTime', 'When the referee is credited.', {
  APPLY:
    'As soon as the code is applied, before anything is paid. It is clawed back where the referral is reversed or rejected.',
  CONVERSION: 'With the referrer, when the hold of the first paid invoice is over.',
});

export const ReferralCapPeriodEnum = enumOf(
  'ReferralCapPeriod',
  'In which time conversions of a referrer are counted.',
  {
    MONTH: 'The calendar month of the conversion, in UTC.',
    YEAR: 'The calendar year of the conversion, in UTC.',
    EVER: 'All of them.',
  },
);

@ObjectType('ReferralCap', { simpleResolvers: true, description: 'How many conversions of one referrer are credited.' })
export class ReferralCapType {
  @Field(() => Int, { description: 'How many. One that was reversed later has taken its place all the same.' })
  referrals!: number;

  @Field(() => ReferralCapPeriodEnum, { description: 'In which time.' })
  period!: keyof typeof ReferralCapPeriodEnum;
}

@ObjectType('ReferralConfig', {
  simpleResolvers: true,
  description:
    'The referral programme of a project in one environment: what is promised to those who apply a code now.',
})
export class ReferralConfigType {
  @Field(() => EnvironmentEnum, { description: 'The environment.' })
  environment!: Environment;

  @Field(() => Boolean, { description: 'Whether codes may be applied.' })
  enabled!: boolean;

  @Field(() => CurrencyCodeScalar, { nullable: true, description: 'That of every amount here. Null: none is set.' })
  currency!: string | null;

  @Field(() => MoneyType, {
    nullable: true,
    description: 'What the referrer is credited for each rewarded invoice. Null for nothing.',
  })
  referrerCredit!: Money | null;

  @Field(() => MoneyType, { nullable: true, description: 'What the referee is credited, once. Null for nothing.' })
  refereeCredit!: Money | null;

  @Field(() => RefereeCreditTimeEnum, { description: 'When the referee is credited.' })
  refereeCreditAt!: keyof typeof RefereeCreditTimeEnum;

  @Field(() => Int, { description: 'For how many days after an invoice was seen to be paid its credit is held.' })
  holdDays!: number;

  @Field(() => ReferralCapType, { nullable: true, description: 'The cap of each referrer. Null for none.' })
  cap!: ReferralCapType | null;

  @Field(() => MoneyType, {
    nullable: true,
    description: 'What must be paid of an invoice so that it counts, and stay paid. Null for anything above zero.',
  })
  minimumPaidAmount!: Money | null;

  @Field(() => Int, {
    description: 'On how many paid invoices of the referee the referrer is credited: the first ones.',
  })
  rewardedInvoices!: number;
}
