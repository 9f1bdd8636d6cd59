import { Field, ID, InputType } from 'type-graphql';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { ReferralStatusEnum } from '../life/referral.type.ts';

@InputType('ApplyReferralInput', { description: 'Who was referred, and by which code.' })
export class ApplyReferralInput extends MutationInput {
  @Field(() => String, {
    description: 'The code, in any case. `NOT_FOUND` where nobody of this project and environment has it.',
  })
  code!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'Who was referred: `pc_…`. A customer token may leave it out. `NOT_FOUND` where you have none of this id; `BAD_USER_INPUT` where a backend names nobody.',
  })
  customerId?: string | null;
}

@InputType('ReferralFilter', { description: 'Which referrals: those that all of these admit.' })
export class ReferralFilter {
  @Field(() => ReferralStatusEnum, { nullable: true, description: 'Those of which this became.' })
  status?: keyof typeof ReferralStatusEnum | null;

  @Field(() => ID, { nullable: true, description: 'Those that a customer made: `pc_…`.' })
  referrerId?: string | null;

  @Field(() => ID, { nullable: true, description: 'That of a customer who was referred: `pc_…`.' })
  refereeId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Those by a code: `rco_…`.' })
  codeId?: string | null;
}
