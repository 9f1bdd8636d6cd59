import type { MikroORM } from '@mikro-orm/postgresql';
import type { BaseLogger } from 'pino';
import { type LaneKind, TryLater } from '../../lanes/lane-kind.ts';
import type { Pace } from '../../stripe/create-pace.ts';
import type { OpenConnection, StripeConnections } from '../../stripe/stripe-connections.ts';
import { createMirror, type WriteOutcome } from './create-mirror.ts';
import { newestSnapshot } from './newest-snapshot.ts';
import { addressOf } from './stripe-lane.ts';
import { stripeObjects } from './stripe-objects.ts';
import { loadRowlessSeconds, loadUndoneEvents, markEventsDead } from './undone-events.ts';
import { endRounds, type Round } from './write-seen.ts';

/**
 * The lanes `stripe/<connection>/<type>/<id>`: each brings one object of Stripe's to our rows.
 *
 * An event is a hint. Its copy of the object is used where it provably is the newest evidence: the newest of the events
 * that are not done, alone in its second, and strictly newer than the row and than every event that brought no row: else a late
 * event would raise from the dead what is deleted. Otherwise the object is fetched, and the row's
 * evidence is the second in which Stripe's answer ended: whatever happened before is known, and an event of that second or
 * an earlier one leads to another fetch. A fetched object is written only onto the row as it was before the fetch, and
 * always moves its evidence, so that of two who asked at once the second to write asks again.
 *
 * No transaction is open while Stripe is asked. A lane without events (woken by hand) is fetched.
 */
export function createStripeLanes({
  orm,
  connections,
  pace,
  log,
}: {
  orm: MikroORM;
  connections: Pick<StripeConnections, 'byId'>;
  /** Without it no lane is put off. */
  pace?: Pick<Pace, 'soon'>;
  log: Pick<BaseLogger, 'warn'>;
}): LaneKind {
  const mirror = createMirror({ orm, log });
  return {
    work(lanes) {
      const keys = lanes.map(({ key }) => key);
      // Together: of several that fail, none may be left without a listener, which would end the process.
      const loading = Promise.all([
        loadUndoneEvents(orm.em.fork(), keys),
        loadRowlessSeconds(orm.em.fork(), keys),
        openEach(keys.map((key) => addressOf(key).connectionId)),
      ]);
      return lanes.map(async (lane) => {
        const [events, rowless, connections] = await loading;
        const round = { lane, events: events.get(lane.key) ?? [] };
        const connection = connections.get(addressOf(lane.key).connectionId) ?? null;
        await bringToTruth(round, connection, rowless.get(lane.key) ?? 0);
      });
    },
    bury: markEventsDead,
  };

  async function openEach(connectionIds: string[]): Promise<Map<string, OpenConnection | null>> {
    const ids = [...new Set(connectionIds)];
    return new Map(await Promise.all(ids.map(async (id) => [id, await connections.byId(id)] as const)));
  }

  /** @param known the second that events without a row knew of. */
  async function bringToTruth(round: Round, connection: OpenConnection | null, known: number): Promise<void> {
    const { object: type, id } = addressOf(round.lane.key);
    const kind = stripeObjects.get(type);
    if (!connection || !kind) return ignore(round);

    const snapshot = newestSnapshot(type, kind, round.events);
    let outcome: WriteOutcome = 'overtaken';
    if (snapshot && snapshot.created > known) {
      const { object, created: evidence } = snapshot;
      const seen = { id, object, evidence, toldAt: evidence, mayReplace: (known: number) => known < evidence };
      outcome = await mirror.write({ connection, type, seen, round });
    }
    if (outcome === 'overtaken') {
      const since = Math.max(0, ...round.events.map(({ stripeCreated }) => stripeCreated));
      const fetch = async () => {
        const seen = await mirror.look({ connection, type, id, since });
        return mirror.write({ connection, type, seen, round });
      };
      // Lanes that wait here are held: too many of one connection would keep those of the others from being claimed.
      outcome = await (pace ? pace.soon(connection, fetch) : fetch());
    }
    if (outcome === 'overtaken') throw new TryLater('Our row changed while Stripe was asked.');
  }

  /** The connection was removed, or another version of this server knew the type. */
  function ignore(round: Round): Promise<void> {
    return orm.em.fork().transactional((em) => endRounds(em, [{ round, outcome: 'ignored' }]));
  }
}
