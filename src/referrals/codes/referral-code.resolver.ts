import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { forbidden } from '../../errors.ts';
import { type Connection, ConnectionArgs } from '../../graphql/connection.ts';
import { type GraphContext, type MutationContext, sideOf } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { missingScopes, type Scope } from '../../identity/access/scopes.ts';
import { createReferralCode } from './create-referral-code.ts';
import { deactivateReferralCode } from './deactivate-referral-code.ts';
import { ReferralCode } from './referral-code.entity.ts';
import { CreateReferralCodeInput, DeactivateReferralCodeInput, ReferralCodeFilter } from './referral-code.inputs.ts';
import { ReferralCodeConnection, ReferralCodeType } from './referral-code.type.ts';
import { referralCodeFilter } from './referral-code-filter.ts';
import { whose } from './whose.ts';

/** What a mutation leaves: its field is read after the commit. */
abstract class ReferralCodePayload {
  codeId!: string;
}

@ObjectType('CreateReferralCodePayload', { description: 'What createReferralCode answers.' })
export class CreateReferralCodePayload extends ReferralCodePayload {}

@ObjectType('DeactivateReferralCodePayload', { description: 'What deactivateReferralCode answers.' })
export class DeactivateReferralCodePayload extends ReferralCodePayload {}

const choosing: Scope[][] = [['referral_programme:write']];

@Resolver()
export class ReferralCodeResolver {
  @Query(() => ReferralCodeConnection, {
    description:
      'Every code of the project and environment, deactivated ones too; with a customer token, those of its own customer.',
  })
  @RequiresScopes('referrals:read')
  referralCodes(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => ReferralCodeFilter, { nullable: true, description: 'Which codes; all where it is left out.' })
    filter: ReferralCodeFilter | null,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<ReferralCodeType>> {
    return read.connection(ReferralCode, page, info, referralCodeFilter(filter ?? {}));
  }

  @Mutation(() => CreateReferralCodePayload, {
    description:
      'The code by which a customer refers others: made where there is none, and answered again afterwards. With `code`, one of your choice besides. A customer token makes that of its own customer. `NOT_FOUND` for the customer; `BAD_USER_INPUT` with the field; `FORBIDDEN` for a `code` without the scope `referral_programme:write`; `CONFLICT` where another customer has the code, where it was deactivated, and where a customer token asks whose code was deactivated.',
  })
  @RequiresScopes('referrals:write')
  async createReferralCode(
    @Arg('input', () => CreateReferralCodeInput, { description: 'Whose code.' }) {
      customerId,
      code,
    }: CreateReferralCodeInput,
    @Ctx() context: MutationContext,
  ): Promise<CreateReferralCodePayload> {
    const side = await sideOf(context);
    const { customerId: own, scopes } = context.principal;
    const missing = code == null ? [] : missingScopes(choosing, scopes);
    if (missing.length)
      throw forbidden('To choose a code takes the scope referral_programme:write. Leave `code` out.', {
        requiredScopes: choosing,
        missingScopes: missing,
      });
    const wanted = { customerId: whose(customerId, own), code, bySelfService: own !== null };
    return { codeId: await context.operation.write(async (em) => (await createReferralCode({ em }, side, wanted)).id) };
  }

  @Mutation(() => DeactivateReferralCodePayload, {
    description:
      'Has a code applied by nobody any more, for good. What was applied by it goes on, unless `rejectOpen` says otherwise. `NOT_FOUND`.',
  })
  @RequiresScopes('referral_programme:write')
  async deactivateReferralCode(
    @Arg('input', () => DeactivateReferralCodeInput, { description: 'Which code.' }) input: DeactivateReferralCodeInput,
    @Ctx() context: MutationContext,
  ): Promise<DeactivateReferralCodePayload> {
    const side = await sideOf(context);
    const work = context.operation.write(async (em) => (await deactivateReferralCode({ em }, side, input)).id);
    return { codeId: await work };
  }
}

const leaves = (payload: new () => ReferralCodePayload, description: string): (new () => object) => {
  @Resolver(() => payload)
  class PayloadResolver {
    @FieldResolver(() => ReferralCodeType, { description })
    referralCode(
      @Root() { codeId }: ReferralCodePayload,
      @Ctx() { read }: GraphContext,
      @Info() info: GraphQLResolveInfo,
    ) {
      return read.one(ReferralCode, { id: codeId }, info);
    }
  }
  return PayloadResolver;
};

export const referralCodePayloadResolvers = [
  leaves(CreateReferralCodePayload, 'The code.'),
  leaves(DeactivateReferralCodePayload, 'The code as it is now.'),
] as const;
