import type Stripe from 'stripe';
import { lockRows } from '../../ingestion/mirror/lock-rows.ts';
import type { Seen, SyncOutcome, SyncTools } from '../../ingestion/mirror/seen.ts';
import { sendAgain } from '../forwarding/send-again.ts';
import { Meter } from './meter.entity.ts';
import { stateOfMeter } from './write-meter.ts';

/** By which Stripe refuses usage while a meter is archived. */
const refusedCodes = ['archived_meter', 'no_meter'];

/**
 * Brings Stripe's meters to the rows of projects that use them. Any other meter of the account is nobody's here. What an active meter
 * refused while it was archived is sent again.
 */
export async function syncMeters(
  { em, connection }: SyncTools,
  seen: Seen<Stripe.Billing.Meter>[],
): Promise<SyncOutcome[]> {
  const ids = seen.map(({ id }) => id);
  await lockRows({ em, connection }, { table: 'meter', condition: 'stripe_meter_id = any($2)', values: [ids] });
  const rows = await em.find(Meter, { connectionId: connection.id, stripeMeterId: { $in: ids } });
  const active: string[] = [];

  const outcomes = seen.map(({ id, object, evidence, mayReplace }): SyncOutcome => {
    const row = rows.find(({ stripeMeterId }) => stripeMeterId === id);
    if (!row || !object) return 'ignored';
    if (!mayReplace(row.evidence)) return 'overtaken';
    if (object.status === 'active') active.push(row.id);
    em.assign(row, { ...stateOfMeter(object), evidence });
    return 'applied';
  });
  for (const meterId of active.sort()) await sendAgain({ em }, { meterId, codes: refusedCodes });
  return outcomes;
}
