import type { MikroORM } from '@mikro-orm/postgresql';
import type { LaneKind } from '../../lanes/lane-kind.ts';
import { workEach } from '../../lanes/work-each.ts';
import type { Pace } from '../../stripe/create-pace.ts';
import type { OpenConnection, StripeConnections } from '../../stripe/stripe-connections.ts';
import { askForPayout, findPayout, isForgotten, refusedBefore } from './ask-for-payout.ts';
import { payoutLanePrefix } from './payout-lane.ts';
import { recordPayout, resetPayout, stampPayout } from './record-payout.ts';
import { type WaitingPayout, waitingPayout } from './waiting-payout.ts';

const atOnce = 16;

/**
 * The lanes `referral-payout/<reward>`: each brings what a reward comes to into the customer's balance in Stripe, once.
 *
 * By which key Stripe is asked is committed before it is, and its answer afterwards, with the ledger: a crash between the two leads to
 * the same question, which Stripe answers as it did. Where nobody knew the answer for so long that Stripe may have forgotten the key,
 * the customer's entries are looked through for ours before anything is asked again.
 *
 * What cannot be asked now (no connection, a customer who is not in Stripe yet) waits without a lane: see wake-waiting-payouts.ts.
 */
export function createPayoutLanes({
  orm,
  connections,
  pace,
}: {
  orm: MikroORM;
  /** Whose clients wait for their turn. */
  connections: Pick<StripeConnections, 'byId'>;
  pace: Pick<Pace, 'soon'>;
}): LaneKind {
  return workEach({ orm, atOnce }, async ({ key }) => {
    const rewardId = key.slice(payoutLanePrefix.length + 1);
    for (;;) {
      const payout = await waitingPayout({ em: orm.em.fork() }, rewardId);
      if (!payout) return;
      const connection = payout.stripeCustomerId ? await connections.byId(payout.connectionId) : null;
      if (!connection) return;
      await pace.soon(connection, () => bring(connection, payout));
    }
  });

  async function bring({ stripe }: OpenConnection, payout: WaitingPayout): Promise<void> {
    const em = orm.em.fork();
    if (isForgotten(payout)) {
      const found = await findPayout(stripe, payout);
      return found ? record(payout, found) : resetPayout({ em }, payout, { byNewKey: true });
    }
    const refused = payout.state === 'PENDING' ? await refusedBefore(stripe, payout) : null;
    if (refused) return record(payout, refused);
    const idempotencyKey = payout.state === 'ASKED' ? payout.idempotencyKey : await stampPayout({ em }, payout);
    if (!idempotencyKey) return;
    const asked = { ...payout, idempotencyKey };
    await record({ ...asked, state: 'ASKED' }, await askForPayout(stripe, asked));
  }

  async function record(payout: WaitingPayout, verdict: Awaited<ReturnType<typeof askForPayout>>): Promise<void> {
    if (verdict.is !== 'not done') return orm.em.fork().transactional((em) => recordPayout({ em }, payout, verdict));
    await resetPayout({ em: orm.em.fork() }, payout, { byNewKey: false });
    throw verdict.failure;
  }
}
