import type { MikroORM } from '@mikro-orm/postgresql';
import { Cron } from 'croner';
import type { BaseLogger } from 'pino';
import { firstRevenueLane } from './analytics/revenue/revenue-lane.ts';
import { wakeSnapshots } from './analytics/snapshots/snapshot-lanes.ts';
import { wakeMerging } from './customer-state/state-lanes.ts';
import { sessionPruningLane } from './identity/operators/prune-sessions.ts';
import { signingKeysLane } from './identity/tokens/rotate-signing-keys.ts';
import { wakeReconciliations } from './ingestion/reconciliation/reconciliation-lanes.ts';
import { pruningLane } from './ingestion/webhooks/prune-events.ts';
import { wakeForgottenEvents } from './ingestion/webhooks/wake-forgotten-events.ts';
import { wakeLanes } from './lanes/wake-lanes.ts';
import { usagePruningLane } from './limits/prune-usage.ts';
import { pruningOperationsLane } from './operations/prune-operations.ts';
import { outgoingPruningLane } from './outgoing/deliveries/prune-outgoing-messages.ts';
import { portalPruningLane } from './portal/sessions/prune-portal-sessions.ts';
import { wakeWaitingReferrals } from './referrals/life/wake-waiting-referrals.ts';
import { wakeWaitingPayouts } from './referrals/payouts/wake-waiting-payouts.ts';
import { forwardingPruningLane } from './usage/forwarding/prune-forwarding.ts';
import { wakeWaitingUsage } from './usage/forwarding/wake-waiting-usage.ts';
import { thresholdPruningLane } from './usage/thresholds/prune-thresholds.ts';

/**
 * What happens by the clock (UTC). A schedule only wakes lanes: of several processes one does the work, and what fails is
 * tried again.
 * @returns what stops them.
 */
export function startSchedules({ orm, log }: { orm: MikroORM; log: Pick<BaseLogger, 'warn'> }): { stop(): void } {
  const every = (pattern: string, wake: (em: MikroORM['em']) => Promise<void>) =>
    new Cron(pattern, { timezone: 'UTC', unref: true, catch: (err) => log.warn({ err }, 'A schedule failed') }, () =>
      wake(orm.em.fork()),
    );
  const schedules = [
    every('* * * * *', (em) => wakeReconciliations(em, 'events')),
    every('* * * * *', async (em) => void (await wakeForgottenEvents({ em, log }))),
    every('* * * * *', (em) => wakeMerging(em)),
    every('* * * * *', wakeWaitingUsage),
    every('* * * * *', wakeWaitingPayouts),
    every('29 * * * *', wakeWaitingReferrals),
    every('5 * * * *', (em) => wakeSnapshots(em)),
    every('17 3 * * *', (em) => wakeReconciliations(em, 'sweep')),
    every('43 3 * * *', (em) =>
      wakeLanes(em, [
        pruningLane,
        usagePruningLane,
        sessionPruningLane,
        portalPruningLane,
        outgoingPruningLane,
        forwardingPruningLane,
        thresholdPruningLane,
        signingKeysLane,
        firstRevenueLane,
      ]),
    ),
    every('13 * * * *', (em) => wakeLanes(em, [pruningOperationsLane])),
  ];
  return {
    stop() {
      for (const schedule of schedules) schedule.stop();
    },
  };
}
