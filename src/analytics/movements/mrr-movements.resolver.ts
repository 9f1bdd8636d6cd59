import { Arg, Args, Ctx, Query, Resolver } from 'type-graphql';
import { type Connection, ConnectionArgs } from '../../graphql/connection.ts';
import type { GuardedContext } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { CurrencyCodeScalar } from '../../graphql/scalars.ts';
import { inProject } from '../../identity/access/principal.ts';
import { checkWindow } from '../metrics/check-window.ts';
import { AnalyticsWindow } from '../metrics/window.inputs.ts';
import type { Interval } from './intervals.ts';
import { listMrrContributors } from './list-mrr-contributors.ts';
import { MrrContributorConnection, type MrrContributorType } from './mrr-contributor.type.ts';
import { AnalyticsIntervalEnum, MrrMovementsType } from './mrr-movements.type.ts';
import { readMrrMovements } from './read-mrr-movements.ts';

@Resolver()
export class MrrMovementsResolver {
  @Query(() => [MrrMovementsType], {
    description:
      'How recurring revenue changed in a window, by currency and interval: from its begin to its end without a remainder. Trials are never counted in. `BAD_USER_INPUT` for a window that is none, and a currency that is none.',
  })
  @RequiresScopes('analytics:read')
  mrrMovements(
    @Arg('window', () => AnalyticsWindow, {
      nullable: true,
      description: 'The time; the last 30 days where it is left out.',
    })
    window: AnalyticsWindow | null,
    @Arg('interval', () => AnalyticsIntervalEnum, { defaultValue: 'DAY', description: 'How it is divided.' })
    interval: Interval,
    @Arg('currency', () => CurrencyCodeScalar, { nullable: true, description: 'This currency alone.' })
    currency: string | null,
    @Ctx() { em, principal }: GuardedContext,
  ): Promise<MrrMovementsType[]> {
    const checked = checkWindow(window ?? {}, new Date());
    return readMrrMovements({ em }, inProject(principal), checked, { interval, currency: currency ?? null });
  }

  @Query(() => MrrContributorConnection, {
    description:
      'The subscriptions whose parts `mrr` of a currency is the sum of, with what each part follows from. `BAD_USER_INPUT` for a currency that is none, and a page that is none.',
  })
  @RequiresScopes('analytics:read')
  mrrContributors(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('currency', () => CurrencyCodeScalar, { description: 'In which currency.' }) currency: string,
    @Arg('asOf', () => Date, {
      nullable: true,
      description:
        'What happened before this instant counts. Now, where it is left out: give it when you turn pages, so that all are of one moment.',
    })
    asOf: Date | null,
    @Arg('trials', () => Boolean, { defaultValue: false, description: 'Those too that are part of `trialMrr` alone.' })
    trials: boolean,
    @Ctx() { em, principal }: GuardedContext,
  ): Promise<Connection<MrrContributorType>> {
    const asked = { asOf: asOf ?? new Date(), currency, trials };
    return listMrrContributors({ em }, inProject(principal), asked, page);
  }
}
