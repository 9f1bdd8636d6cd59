import { Field, ID, InputType } from 'type-graphql';
import { MutationInput } from '../../graphql/mutation-input.ts';

@InputType('CreateReferralCodeInput', { description: 'Whose code.' })
export class CreateReferralCodeInput extends MutationInput {
  @Field(() => ID, {
    nullable: true,
    description:
      'Who refers by it: `pc_…`. A customer token may leave it out. `NOT_FOUND` where you have none of this id; `BAD_USER_INPUT` where a backend names nobody.',
  })
  customerId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'A code of your choice, for a partner: 3 to 40 letters (A to Z, in any case), digits, - and _. Unique in the project and environment (`CONFLICT`). Needs the scope `referral_programme:write` (`FORBIDDEN`).',
  })
  code?: string | null;
}

@InputType('DeactivateReferralCodeInput', { description: 'Which code.' })
export class DeactivateReferralCodeInput extends MutationInput {
  @Field(() => ID, { description: 'The code: `rco_…`. `NOT_FOUND` where you have none of this id.' })
  codeId!: string;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether referrals by it that were not converted are REJECTED (CODE_INACTIVE). Otherwise they go on: what was promised stands.',
  })
  rejectOpen?: boolean | null;
}

@InputType('ReferralCodeFilter', { description: 'Which codes: those that all of these admit.' })
export class ReferralCodeFilter {
  @Field(() => ID, { nullable: true, description: 'Those of a customer: `pc_…`.' })
  customerId?: string | null;

  @Field(() => String, { nullable: true, description: 'The one that is spelled so, in any case.' })
  code?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Those that can be applied, or those that cannot.' })
  active?: boolean | null;
}
