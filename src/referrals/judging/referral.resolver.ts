import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { type Connection, ConnectionArgs } from '../../graphql/connection.ts';
import { type GraphContext, type MutationContext, sideOf } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { whose } from '../codes/whose.ts';
import { Referral } from '../life/referral.entity.ts';
import { ReferralConnection, ReferralType } from '../life/referral.type.ts';
import { referralLaneOf } from '../life/wake-referrals.ts';
import { applyReferral } from './apply-referral.ts';
import { ApplyReferralInput, ReferralFilter } from './referral.inputs.ts';

@ObjectType('ApplyReferralPayload', { description: 'What applyReferral answers.' })
export class ApplyReferralPayload {
  referralId!: string;
}

@Resolver()
export class ReferralResolver {
  @Query(() => ReferralConnection, {
    description:
      'Every referral of the project and environment, rejected ones too; with a customer token, those that its own customer made, and that by which he came.',
  })
  @RequiresScopes('referrals:read')
  referrals(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => ReferralFilter, { nullable: true, description: 'Which referrals; all where it is left out.' })
    filter: ReferralFilter | null,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<ReferralType>> {
    const { status, referrerId, refereeId, codeId } = filter ?? {};
    const where = {
      ...(status != null && { status }),
      ...(referrerId != null && { referrer: referrerId }),
      ...(refereeId != null && { referee: refereeId }),
      ...(codeId != null && { code: codeId }),
    };
    return read.connection(Referral, page, info, { where });
  }

  @Mutation(() => ApplyReferralPayload, {
    description:
      'Notes that a customer was referred: apply the code before he pays. What speaks against it answers a referral that is REJECTED, with its reason: the same person by address or card, a customer who has paid, a cycle, a cap that is reached. The same code again is answered with the same referral. A customer token applies a code to its own customer. `NOT_FOUND` for the customer, and for a code that nobody of this project and environment has; `BAD_USER_INPUT` for his own code; `CONFLICT` where the programme is disabled, the code is inactive, or another code was applied.',
  })
  @RequiresScopes('referrals:write')
  async applyReferral(
    @Arg('input', () => ApplyReferralInput, { description: 'Who, and which code.' }) input: ApplyReferralInput,
    @Ctx() context: MutationContext,
  ): Promise<ApplyReferralPayload> {
    const side = await sideOf(context);
    const { operation, principal } = context;
    const wanted = { code: input.code, customerId: whose(input.customerId, principal.customerId) };
    const referralId = await operation.write(async (em) => {
      const { id, status, refereeCreditAt } = await applyReferral({ em }, side, wanted);
      if (status === 'PENDING' && refereeCreditAt === 'APPLY') operation.waitForLane(referralLaneOf(id));
      return id;
    });
    return { referralId };
  }
}

@Resolver(() => ApplyReferralPayload)
export class ApplyReferralPayloadResolver {
  @FieldResolver(() => ReferralType, { description: 'The referral.' })
  referral(
    @Root() { referralId }: ApplyReferralPayload,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.one(Referral, { id: referralId }, info);
  }
}
