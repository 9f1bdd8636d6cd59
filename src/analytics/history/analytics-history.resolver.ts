import { Arg, Ctx, Field, InputType, Mutation, Query, Resolver } from 'type-graphql';
import { type GuardedContext, type MutationContext, sideOf } from '../../graphql/graph-context.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { CurrencyCodeScalar } from '../../graphql/scalars.ts';
import { inProject } from '../../identity/access/principal.ts';
import type { Interval } from '../movements/intervals.ts';
import { AnalyticsIntervalEnum } from '../movements/mrr-movements.type.ts';
import { AnalyticsHistoryType, RecomputeAnalyticsPayload } from './analytics-history.type.ts';
import { readHistory } from './read-history.ts';
import { recomputeAnalytics } from './recompute-analytics.ts';

@InputType('RecomputeAnalyticsInput', { description: 'Which days.' })
export class RecomputeAnalyticsInput extends MutationInput {
  @Field(() => String, { description: 'The first day (UTC): `2026-11-01`.' })
  from!: string;

  @Field(() => String, {
    description: 'The last day (UTC), at most 4,000 days later: `2026-11-30`. Days that are not over are left out.',
  })
  to!: string;
}

@Resolver()
export class AnalyticsHistoryResolver {
  @Query(() => [AnalyticsHistoryType], {
    description:
      'Recurring revenue by currency over a time, from the snapshots that are made of each day; what came after the last one is read as it is now. `BAD_USER_INPUT` for days that are none, reversed, or make more than 4,000 days or 400 intervals, for a first day that has not begun, and where an exchange rate is missing.',
  })
  @RequiresScopes('analytics:read')
  analyticsHistory(
    @Arg('from', () => String, { description: 'The first day (UTC): `2026-01-01`.' }) from: string,
    @Arg('to', () => String, {
      description: 'The last day (UTC): `2026-12-31`. Days that have not begun are left out.',
    })
    to: string,
    @Arg('interval', () => AnalyticsIntervalEnum, { defaultValue: 'DAY', description: 'How it is divided.' })
    interval: Interval,
    @Arg('currency', () => CurrencyCodeScalar, { nullable: true, description: 'This currency alone.' })
    currency: string | null,
    @Arg('convertTo', () => CurrencyCodeScalar, {
      nullable: true,
      description:
        'One history of all that is asked for, in this currency, in place of one for each: by the exchange rates that you set, for each pair the one of the latest day that is not after the end. It is the same for all points, so that what changes is revenue and never a rate. `BAD_USER_INPUT` that names the pair which has none.',
    })
    convertTo: string | null,
    @Ctx() { em, principal }: GuardedContext,
  ): Promise<AnalyticsHistoryType[]> {
    const asked = { from, to, interval, currency: currency ?? null, convertTo: convertTo ?? null };
    return readHistory({ em }, inProject(principal), asked, new Date());
  }

  @Mutation(() => RecomputeAnalyticsPayload, {
    description:
      'Makes the snapshots of past days again from all movements, and says which were not the same. It happens by itself, within an hour, where a movement is written down late. `BAD_USER_INPUT` with the field.',
  })
  @RequiresScopes('analytics:write')
  async recomputeAnalytics(
    @Arg('input', () => RecomputeAnalyticsInput, { description: 'Which days.' }) { from, to }: RecomputeAnalyticsInput,
    @Ctx() context: MutationContext,
  ): Promise<RecomputeAnalyticsPayload> {
    const side = await sideOf(context);
    return context.operation.write(async (em, note) => {
      const { days, differing } = await recomputeAnalytics({ em }, side, { from, to }, new Date());
      note({
        subjectType: 'AnalyticsSnapshot',
        subjectId: null,
        after: { from, to, days, differing: differing.length },
      });
      const view = ({ day, currency, before, after }: (typeof differing)[number]) => ({
        day,
        currency,
        mrrBefore: before?.mrr ?? null,
        mrrAfter: after.mrr,
      });
      return { days, differing: differing.map(view) };
    });
  }
}
