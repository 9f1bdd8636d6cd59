import type Stripe from 'stripe';
import { instantOf } from '../../ingestion/mirror/seen.ts';
import type { Meter } from './meter.entity.ts';

/** What a row says of Stripe's meter. */
export function stateOfMeter(meter: Stripe.Billing.Meter) {
  const { status, status_transitions: since, updated } = meter;
  return {
    displayName: meter.display_name,
    archivedAt: status === 'inactive' ? instantOf(since.deactivated_at ?? updated) : null,
  };
}

/**
 * Brings what Stripe answered to a row.
 * @param basis the evidence of the row before Stripe was asked: what it learnt since then may be newer, and stays.
 */
export function writeMeter(row: Meter, made: Stripe.Response<Stripe.Billing.Meter>, basis: number): void {
  if (row.evidence !== basis) return;
  Object.assign(row, { ...stateOfMeter(made), stripeMeterId: made.id });
}
