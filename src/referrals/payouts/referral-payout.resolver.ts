import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Field, ID, Info, InputType, Query, Resolver } from 'type-graphql';
import { type Connection, ConnectionArgs } from '../../graphql/connection.ts';
import type { GraphContext } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import type { PayoutState } from './payout-states.ts';
import { ReferralPayout } from './referral-payout.entity.ts';
import { PayoutStateEnum, ReferralPayoutConnection, type ReferralPayoutType } from './referral-payout.type.ts';

@InputType('ReferralPayoutFilter', { description: 'Which payouts: those that all of these admit.' })
export class ReferralPayoutFilter {
  @Field(() => ID, { nullable: true, description: 'Those of a customer: `pc_…`.' })
  customerId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Those of a reward: `rew_…`.' })
  rewardId?: string | null;

  @Field(() => [PayoutStateEnum], { nullable: true, description: 'Those in one of these states: `[FAILED]`.' })
  state?: PayoutState[] | null;
}

@Resolver()
export class ReferralPayoutResolver {
  @Query(() => ReferralPayoutConnection, {
    description:
      "What Stripe did to customers' balances for rewards, or is to do; with a customer token, to its own customer's. Ask for those that FAILED now and then: nothing more is done about them.",
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
}
