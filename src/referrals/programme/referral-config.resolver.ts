import type { EntityManager } from '@mikro-orm/core';
import { Arg, Ctx, Field, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { type GuardedContext, type MutationContext, sideOf } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { inProject } from '../../identity/access/principal.ts';
import { findReferralConfig } from './find-referral-config.ts';
import { UpdateReferralConfigInput } from './referral-config.inputs.ts';
import { ReferralConfigType } from './referral-config.type.ts';
import { updateReferralConfig } from './update-referral-config.ts';
import { viewReferralConfig } from './view-referral-config.ts';

@ObjectType('UpdateReferralConfigPayload', { simpleResolvers: true, description: 'What updateReferralConfig answers.' })
export class UpdateReferralConfigPayload {
  @Field(() => ReferralConfigType, { description: 'The programme as it is now.' })
  config!: ReferralConfigType;
}

@Resolver()
export class ReferralConfigResolver {
  @Query(() => ReferralConfigType, {
    description:
      'The referral programme of this project and environment. `BAD_USER_INPUT` where an operator has not named a project.',
  })
  @RequiresScopes('referrals:read')
  async referralConfig(@Ctx() { em, principal }: GuardedContext): Promise<ReferralConfigType> {
    return viewReferralConfig(await findReferralConfig({ em }, inProject(principal)));
  }

  @Mutation(() => UpdateReferralConfigPayload, {
    description:
      'Changes the referral programme of this project and environment: what is left out stays. Referrals keep the terms that they were applied under. `BAD_USER_INPUT` with the field; `CONFLICT` where the project is archived.',
  })
  @RequiresScopes('referral_programme:write')
  async updateReferralConfig(
    @Arg('input', () => UpdateReferralConfigInput, { description: 'The change.' }) input: UpdateReferralConfigInput,
    @Ctx() context: MutationContext,
  ): Promise<UpdateReferralConfigPayload> {
    const side = await sideOf(context);
    const change = async (em: EntityManager) => viewReferralConfig(await updateReferralConfig({ em }, side, input));
    return { config: await context.operation.write(change) };
  }
}
