import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GuardedContext } from '../../graphql/graph-context.ts';
import { inProject } from '../../identity/access/principal.ts';
import { reachesWholeTeam } from '../../identity/access/require-whole-team.ts';
import { AnalyticsSnapshotType } from './analytics.type.ts';
import { readReferralStatistics } from './referral-statistics.ts';
import { ReferralStatisticsType, WebhookStatisticsType } from './statistics.type.ts';
import { readWebhookStatistics } from './webhook-statistics.ts';

/** What is of no moment of revenue's: read where it is asked for. */
@Resolver(() => AnalyticsSnapshotType)
export class StatisticsResolver {
  @FieldResolver(() => WebhookStatisticsType, {
    nullable: true,
    description:
      'How the events of Stripe fared that came in the window. All projects of a team share them: null for a credential that does not reach every project or has no scope `webhooks:read`, and where Stripe is not connected.',
  })
  async webhooks(
    @Root() { from, asOf: to }: AnalyticsSnapshotType,
    @Ctx() context: GuardedContext,
  ): Promise<WebhookStatisticsType | null> {
    const { em, principal } = context;
    if (!principal.scopes.has('webhooks:read') || !(await reachesWholeTeam({ em }, principal))) return null;
    const connection = await context.stripeConnection();
    return connection && readWebhookStatistics({ em }, connection.id, { from, to }, new Date());
  }

  @FieldResolver(() => ReferralStatisticsType, {
    description: 'What became of the referrals that were applied in the window, and what was paid for referrals in it.',
  })
  referrals(
    @Root() { from, asOf: to }: AnalyticsSnapshotType,
    @Ctx() { em, principal }: GuardedContext,
  ): Promise<ReferralStatisticsType> {
    return readReferralStatistics({ em }, inProject(principal), { from, to }, new Date());
  }
}
