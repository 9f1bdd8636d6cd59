import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Info,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { type Connection, ConnectionArgs } from '../../graphql/connection.ts';
import { type GraphContext, type MutationContext, sideOf } from '../../graphql/graph-context.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import type { PayoutState } from './payout-states.ts';
import { ReferralPayout } from './referral-payout.entity.ts';
import { PayoutStateEnum, ReferralPayoutConnection, ReferralPayoutType } from './referral-payout.type.ts';
import { retryReferralPayout } from './retry-referral-payout.ts';

@InputType('ReferralPayoutFilter', { description: 'Which payouts: those that all of these admit.' })
export class ReferralPayoutFilter {
  @Field(() => ID, { nullable: true, description: 'Those of a customer: `pc_…`.' })
  customerId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Those of a reward: `rew_…`.' })
  rewardId?: string | null;

  @Field(() => [PayoutStateEnum], { nullable: true, description: 'Those in one of these states: `[FAILED]`.' })
  state?: PayoutState[] | null;
}

@InputType('RetryReferralPayoutInput', { description: 'Which payout.' })
export class RetryReferralPayoutInput extends MutationInput {
  @Field(() => ID, {
    description: 'The payout: `rpo_…`. `NOT_FOUND` where you have none of this id; `CONFLICT` unless it FAILED.',
  })
  id!: string;
}

@ObjectType('RetryReferralPayoutPayload', { description: 'What retryReferralPayout answers.' })
export class RetryReferralPayoutPayload {
  payoutId!: string;
}

@Resolver()
export class ReferralPayoutResolver {
  @Query(() => ReferralPayoutConnection, {
    description:
      "What Stripe did to customers' balances for rewards, or is to do; with a customer token, to its own customer's. Those that FAILED wait for you: the `doctor` names them, and `retryReferralPayout` has one asked for again.",
  })
  @RequiresScopes('referrals:read')
  referralPayouts(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => ReferralPayoutFilter, {
      nullable: true,
      description: 'Which payouts; all where it is left out.',
    })
    filter: ReferralPayoutFilter | null,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<ReferralPayoutType>> {
    const { customerId, rewardId, state } = filter ?? {};
    const where = {
      ...(customerId != null && { customer: customerId }),
      ...(rewardId != null && { reward: rewardId }),
      ...(state && { state }),
    };
    return read.connection(ReferralPayout, page, info, { where });
  }

  @Mutation(() => RetryReferralPayoutPayload, {
    description:
      "Has a payout asked for again that FAILED, once its reason is gone: the ledger owes it again, and Stripe is asked in the background, never twice: where it was asked before, the customer's entries there are looked through first. Where it refuses again, the payout has FAILED again. `NOT_FOUND`; `CONFLICT` where it has not failed, and where its reward was taken back since.",
  })
  @RequiresScopes('referral_programme:write')
  async retryReferralPayout(
    @Arg('input', () => RetryReferralPayoutInput, { description: 'Which payout.' }) input: RetryReferralPayoutInput,
    @Ctx() context: MutationContext,
  ): Promise<RetryReferralPayoutPayload> {
    const side = await sideOf(context);
    return context.operation.write(async (em, note) => {
      const { id, retries } = await retryReferralPayout({ em }, side, input);
      note({ subjectType: 'ReferralPayout', subjectId: id, after: { state: 'PENDING', retries } });
      return { payoutId: id };
    });
  }
}

@Resolver(() => RetryReferralPayoutPayload)
export class RetryReferralPayoutPayloadResolver {
  @FieldResolver(() => ReferralPayoutType, { description: 'The payout as it is now.' })
  payout(
    @Root() { payoutId }: RetryReferralPayoutPayload,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.one(ReferralPayout, { id: payoutId }, info);
  }
}
