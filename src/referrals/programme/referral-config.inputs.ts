import { Field, InputType, Int } from 'type-graphql';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { BigIntScalar, CurrencyCodeScalar } from '../../graphql/scalars.ts';
import { RefereeCreditTimeEnum, ReferralCapPeriodEnum } from './referral-config.type.ts';

@InputType('ReferralCapInput', { description: 'How many conversions of one referrer are credited.' })
export class ReferralCapInput {
  @Field(() => Int, { description: 'How many: 1 to 1,000,000.' })
  referrals!: number;

  @Field(() => ReferralCapPeriodEnum, { description: 'In which time.' })
  period!: keyof typeof ReferralCapPeriodEnum;
}

@InputType('UpdateReferralConfigInput', {
  description:
    'A change of the referral programme of one environment: what is left out stays. It holds for codes that are applied from now on; a referral keeps the terms that it was applied under.',
})
export class UpdateReferralConfigInput extends MutationInput {
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether codes may be applied. `BAD_USER_INPUT` for true where nobody is credited for a conversion: set `referrerCredit`, or `refereeCredit` at CONVERSION.',
  })
  enabled?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'With `enabled: false`: referrals that were not converted are REJECTED (PROGRAMME_DISABLED). Otherwise they go on under their terms.',
  })
  rejectOpen?: boolean | null;

  @Field(() => CurrencyCodeScalar, {
    nullable: true,
    description:
      'The currency of every amount here. Where it changes, say every amount anew. Invoices in another currency earn nothing (CURRENCY_MISMATCH).',
  })
  currency?: string | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description:
      'What the referrer is credited for each rewarded invoice, in minor units: 1 to 99999999, in steps as Stripe charges. Null for nothing.',
  })
  referrerCredit?: bigint | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description:
      'What the referee (who applies a code) is credited, once, in minor units: 1 to 99999999, in steps as Stripe charges. Null for nothing.',
  })
  refereeCredit?: bigint | null;

  @Field(() => RefereeCreditTimeEnum, { nullable: true, description: 'When the referee is credited.' })
  refereeCreditAt?: keyof typeof RefereeCreditTimeEnum | null;

  @Field(() => Int, {
    nullable: true,
    description: 'For how many days after an invoice was seen to be paid its credit is held: 0 to 365.',
  })
  holdDays?: number | null;

  @Field(() => ReferralCapInput, { nullable: true, description: 'The cap of each referrer; null takes it away.' })
  cap?: ReferralCapInput | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description:
      'What must be paid of an invoice so that it counts, and stay paid, in minor units: 1 to 99999999. Null for anything above zero.',
  })
  minimumPaidAmount?: bigint | null;

  @Field(() => Int, {
    nullable: true,
    description: 'On how many paid invoices of the referee the referrer is credited: 1 (the first one) to 120.',
  })
  rewardedInvoices?: number | null;
}
