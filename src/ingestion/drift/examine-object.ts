import type { MikroORM } from '@mikro-orm/postgresql';
import type Stripe from 'stripe';
import { TryLater } from '../../lanes/lane-kind.ts';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import type { Mirror } from '../mirror/create-mirror.ts';
import type { Seen } from '../mirror/seen.ts';
import { compareWithRows, noRow } from './compare-with-rows.ts';
import type { DriftReason } from './drift-finding.entity.ts';
import { findReason, isOfWrongMode } from './find-reason.ts';
import { otherLiveSubscriptions } from './other-live-subscriptions.ts';
import { markHealed, recordFindings } from './record-findings.ts';

export type ExamineTools = { orm: MikroORM; mirror: Mirror };

/**
 * Asks Stripe for one object, writes down how our row differs, and heals it: by the mirror, as an event would.
 * @param what.reason why it differs, where that is known.
 * @param what.heal false: look, and change no row.
 * @throws TryLater where Stripe is not at our service, or our row is being written.
 */
export async function examineObject(
  { orm, mirror }: ExamineTools,
  what: { connection: OpenConnection; type: string; id: string; reason?: DriftReason; heal: boolean },
): Promise<void> {
  const { connection, type, id, heal } = what;
  const em = orm.em.fork();
  const at = { connectionId: connection.id, type, id };
  if (!what.reason) await reasonOf();
  const seen = await mirror.look({ connection, type, id, since: 0 });
  if (isOfWrongMode(connection, seen.object)) return recordFindings(em, at, 'WRONG_MODE', [modeOf(connection)]);

  const [comparison] = await compareWithRows({ orm }, { connection, type, shown: [seen] });
  if (comparison === 'equal') return markHealed(em, connection.id, [id]);
  if (comparison === 'unbrought' || !comparison) return bringUnknown();
  const others = await othersOf(seen);
  const reason = what.reason ?? (await reasonOf());
  await recordFindings(em, at, others.length ? 'DIFFERENT_LIVE_SUBSCRIPTION' : reason, comparison.different);
  if (!heal) return;
  for (const other of others) await examineObject({ orm, mirror }, { ...what, id: other });
  const outcome = await mirror.write({ connection, type, seen, round: null });
  if (outcome === 'overtaken') throw new TryLater('Our row changed while Stripe was asked.');
  if (outcome !== 'unrouted') await markHealed(em, connection.id, [id]);

  /** An event of it is missing, and the mirror finds out whether it belongs here, with what it refers to. */
  async function bringUnknown() {
    if (!heal || !what.reason) return;
    if ((await mirror.write({ connection, type, seen, round: null })) !== 'applied') return;
    await recordFindings(em, at, what.reason, [noRow]);
    await markHealed(em, connection.id, [id]);
  }

  /** Asked before and after the comparison: a row that is being written equals Stripe in a moment. */
  async function reasonOf() {
    const reason = await findReason(em, { connection, type, id });
    if (!reason) throw new TryLater('An event of the object is on its way to our row.');
    return reason;
  }

  async function othersOf({ object }: Seen<unknown>) {
    if (type !== 'subscription' || !object) return [];
    return otherLiveSubscriptions({ em }, connection, object as Stripe.Subscription);
  }
}

const modeOf = ({ environment }: OpenConnection) => ({
  field: 'environment',
  local: environment,
  stripe: environment === 'LIVE' ? 'TEST' : 'LIVE',
});
