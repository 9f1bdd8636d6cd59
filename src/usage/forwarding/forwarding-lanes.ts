import type { MikroORM } from '@mikro-orm/postgresql';
import { groupCommit } from '../../database/group-commit.ts';
import { type ClaimedLane, type LaneKind, TryLater } from '../../lanes/lane-kind.ts';
import { settleLanes } from '../../lanes/settle-lanes.ts';
import type { Pace } from '../../stripe/create-pace.ts';
import type { OpenConnection, StripeConnections } from '../../stripe/stripe-connections.ts';
import { loadWork, rowsTogether, type Work } from './load-work.ts';
import type { Message, Pair, Verdict } from './message.ts';
import { planLevels } from './plan-levels.ts';
import { askedMessages, newMessages } from './plan-messages.ts';
import { NotCounted, sendMessage } from './send-message.ts';
import { isForgotten, settleDoubt } from './settle-doubt.ts';
import { recordVerdicts, stampMessages } from './write-messages.ts';

/**
 * The lanes `forward-usage/<customer>/<meter>`: each brings the usage of one customer by one meter to Stripe, one event after the other.
 *
 * Which event of Stripe's carries which rows is committed before Stripe is asked, and what Stripe said afterwards: a crash between
 * the two leads to the same question, which Stripe counts once by its identifier. Where nobody knew the answer for so long that
 * Stripe may have forgotten the identifier, what Stripe has summed up is compared with what we know (settle-doubt.ts).
 *
 * What cannot be sent now (no connection, a customer or a meter that is not in Stripe yet) waits without a lane: see
 * wake-waiting-usage.ts.
 */
export function createForwardingLanes({
  orm,
  connections,
  pace,
  usagePace,
}: {
  orm: MikroORM;
  /** Whose clients wait for their turn. */
  connections: Pick<StripeConnections, 'byId'>;
  pace: Pick<Pace, 'soon'>;
  /** That of live accounts. */
  usagePace: Pick<Pace, 'soon'>;
}): LaneKind {
  const together = { items: 100, commits: 2 };
  const stamps = groupCommit(async (groups: Message[][]) => {
    const ids = await stampMessages({ em: orm.em.fork() }, groups.flat());
    return groups.map(() => ids);
  }, together);
  const verdicts = groupCommit(async (groups: Verdict[][]) => {
    await recordVerdicts({ em: orm.em.fork() }, groups.flat());
    return groups.map(() => undefined);
  }, together);
  const settled = groupCommit(async (lanes: ClaimedLane[]) => {
    await settleLanes(orm.em.fork(), lanes);
    return lanes.map(() => undefined);
  }, together);

  return {
    work(lanes) {
      const loading = loadWork(
        { em: orm.em.fork() },
        lanes.map(({ key }) => key),
      );
      return lanes.map(async (lane) => {
        await forward(lane, (await loading).get(lane.key));
        await settled.add(lane);
      });
    },
  };

  async function forward(lane: ClaimedLane, loaded: Work | undefined): Promise<void> {
    let work = loaded;
    while (work?.rows.length) {
      const { stripeCustomerId, stripeMeterId, connectionId } = work.pair;
      const connection = stripeCustomerId && stripeMeterId ? await connections.byId(connectionId) : null;
      if (!connection) return;
      const current = work;
      const { soon } = connection.environment === 'LIVE' ? usagePace : pace;
      const all = await soon(connection, () => round(connection, current));
      if (all && current.rows.length < rowsTogether) return;
      work = (await loadWork({ em: orm.em.fork() }, [lane.key])).get(lane.key);
    }
  }

  /** @returns whether all that was loaded is settled. */
  async function round({ stripe }: OpenConnection, { pair, rows }: Work): Promise<boolean> {
    const asked = askedMessages(rows);
    const forgotten = asked.filter(isForgotten);
    if (forgotten.length) {
      await verdicts.add(await settleDoubt({ em: orm.em.fork(), stripe }, pair, forgotten));
      return false;
    }
    // Before anything is asked that was not: while Stripe is away, one question alone is in doubt.
    await tell(stripe, pair, asked);
    const isLevel = pair.stripeFormula === 'last';
    const fresh = isLevel ? await planLevels({ em: orm.em.fork() }, pair, rows) : newMessages(pair, rows);
    const stamped = fresh.length ? await stamps.add(fresh) : new Set<string>();
    const mine = fresh.filter(({ rows }) => stamped.has(rows[0]!.id));
    await tell(stripe, pair, mine);
    const told = countOf(asked) + countOf(mine);
    if (!told) throw new TryLater('What was to be sent has changed meanwhile.');
    return told === rows.length;
  }

  /** Tells Stripe one after the other, until it fails to answer; and writes down what is known then. */
  async function tell(stripe: OpenConnection['stripe'], pair: Pair, messages: Message[]): Promise<void> {
    if (!messages.length) return;
    const said: Verdict[] = [];
    try {
      for (const message of messages)
        said.push(message.isKnown ? { message, is: 'counted' } : await sendMessage(stripe, pair, message));
    } catch (failure) {
      const untried = messages.slice(said.length + (failure instanceof NotCounted ? 0 : 1));
      const fresh = untried.filter(({ rows }) => rows[0]!.state === 'PENDING');
      await verdicts.add([...said, ...fresh.map((message) => ({ message, is: 'not done' }) as const)]);
      throw failure;
    }
    await verdicts.add(said);
  }
}

const countOf = (messages: Message[]) => messages.reduce((count, { rows }) => count + rows.length, 0);
