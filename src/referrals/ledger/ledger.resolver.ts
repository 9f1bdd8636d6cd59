import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Field, ID, Info, InputType, Query, Resolver } from 'type-graphql';
import { type Connection, ConnectionArgs } from '../../graphql/connection.ts';
import type { GraphContext, GuardedContext } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { inProject } from '../../identity/access/principal.ts';
import type { LedgerAccount, LedgerKind } from './ledger-accounts.ts';
import { LedgerEntry } from './ledger-entry.entity.ts';
import {
  LedgerAccountEnum,
  LedgerEntryConnection,
  type LedgerEntryType,
  LedgerKindEnum,
  ReferralBalanceType,
} from './ledger-entry.type.ts';
import { referralBalances } from './referral-balances.ts';

@InputType('LedgerEntryFilter', { description: 'Which entries: those that all of these admit.' })
export class LedgerEntryFilter {
  @Field(() => ID, { nullable: true, description: 'Those of a customer: `pc_…`.' })
  customerId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Those about a reward: `rew_…`.' })
  rewardId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Those of a transaction: `ltx_…`.' })
  transactionId?: string | null;

  @Field(() => [LedgerAccountEnum], { nullable: true, description: 'Those of one of these accounts.' })
  account?: LedgerAccount[] | null;

  @Field(() => [LedgerKindEnum], { nullable: true, description: 'Those that were written for one of these reasons.' })
  kind?: LedgerKind[] | null;
}

@Resolver()
export class LedgerResolver {
  @Query(() => LedgerEntryConnection, {
    description:
      "The double-entry ledger of referral credit, in the order in which it was written; with a customer token, the entries of its own customer's accounts.",
  })
  @RequiresScopes('referrals:read')
  ledgerEntries(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => LedgerEntryFilter, { nullable: true, description: 'Which entries; all where it is left out.' })
    filter: LedgerEntryFilter | null,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<LedgerEntryType>> {
    const { customerId, rewardId, transactionId, account, kind } = filter ?? {};
    const where = {
      ...(customerId != null && { customer: customerId }),
      ...(rewardId != null && { rewardId }),
      ...(transactionId != null && { transactionId }),
      ...(account && { account }),
      ...(kind && { kind }),
    };
    return read.connection(LedgerEntry, page, info, { where });
  }

  @Query(() => [ReferralBalanceType], {
    description:
      'What rewards come to, by currency: of a customer, or of all of the project and environment together. With a customer token, of its own customer. Empty where there never was a reward, and for a customer who is not there.',
  })
  @RequiresScopes('referrals:read')
  referralBalances(
    @Arg('customerId', () => ID, { nullable: true, description: 'Whose: `pc_…`; left out for all.' })
    customerId: string | null | undefined,
    @Ctx() { em, principal }: GuardedContext,
  ): Promise<ReferralBalanceType[]> {
    const own = principal.customerId;
    if (own !== null && customerId != null && customerId !== own) return Promise.resolve([]);
    return referralBalances({ em }, inProject(principal), customerId ?? own);
  }
}
