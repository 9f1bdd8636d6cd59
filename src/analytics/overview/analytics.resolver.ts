import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { GuardedContext } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { CurrencyCodeScalar } from '../../graphql/scalars.ts';
import { inProject } from '../../identity/access/principal.ts';
import { checkWindow } from '../metrics/check-window.ts';
import { AnalyticsWindow } from '../metrics/window.inputs.ts';
import { AnalyticsSnapshotType } from './analytics.type.ts';
import { readAnalytics } from './read-analytics.ts';

@Resolver()
export class AnalyticsResolver {
  @Query(() => AnalyticsSnapshotType, {
    description:
      'Recurring revenue, customers and subscriptions of the project and environment at the end of a window, and how they changed in it. Every number says what it is (`definition`) and of when (`asOf`). Stripe is not asked. `BAD_USER_INPUT` for a window that is none, a currency that is none, and where an exchange rate is missing.',
  })
  @RequiresScopes('analytics:read')
  analytics(
    @Arg('window', () => AnalyticsWindow, {
      nullable: true,
      description: 'The time; the last 30 days where it is left out.',
    })
    window: AnalyticsWindow | null,
    @Arg('currency', () => CurrencyCodeScalar, {
      nullable: true,
      description:
        'Amounts in this currency alone. Numbers of customers and subscriptions are those of all currencies.',
    })
    currency: string | null,
    @Arg('convertTo', () => CurrencyCodeScalar, {
      nullable: true,
      description:
        'Answers all amounts in this currency as well (`converted`), by the exchange rates that you set: for each pair the one of the latest day that is not after `asOf`. `BAD_USER_INPUT` that names the pair which has none.',
    })
    convertTo: string | null,
    @Arg('includeTrials', () => Boolean, {
      defaultValue: false,
      description: 'Counts trials into `mrr`, `arr`, `arpa` and the customers who pay, as BillStack does.',
    })
    trials: boolean,
    @Ctx() { em, principal }: GuardedContext,
  ): Promise<AnalyticsSnapshotType> {
    const checked = checkWindow(window ?? {}, new Date());
    const options = { currency: currency ?? null, convertTo: convertTo ?? null, trials };
    return readAnalytics({ em }, inProject(principal), checked, options);
  }
}
