import type Stripe from 'stripe';
import { upsertRows } from '../../database/upsert-rows.ts';
import { newId } from '../../ids.ts';
import type { Seen, SyncOutcome, SyncTools } from '../../ingestion/mirror/seen.ts';
import { markReported } from '../forwarding/mark-reported.ts';
import type { MeterErrorReason } from './meter-error-report.entity.ts';

/** The thin event by which Stripe reports it; no other way tells. */
export const meterErrorEvent = 'v1.billing.meter.error_report_triggered';

type Report = Extract<Stripe.V2.Core.Event, { type: typeof meterErrorEvent }>;

/** Brings Stripe's reports of usage that could not be counted to our rows, and marks what they name. A report never changes. */
export async function syncMeterErrorReports(
  { em, connection }: SyncTools,
  seen: Seen<Stripe.V2.Core.Event>[],
): Promise<SyncOutcome[]> {
  const reports = new Map(
    seen.flatMap(({ id, object, evidence }) =>
      object?.type === meterErrorEvent ? [[id, { object: object as Report, evidence }] as const] : [],
    ),
  );
  const rows = [...reports.values()].map(({ object, evidence }) => ({
    id: newId('mer'),
    connection_id: connection.id,
    evidence,
    stripe_event_id: object.id,
    stripe_meter_id: object.related_object?.id ?? null,
    summary: object.data.developer_message_summary,
    window_start: object.data.validation_start,
    window_end: object.data.validation_end,
    error_count: object.data.reason.error_count,
    reasons: object.data.reason.error_types.map(reasonOf),
    created_at: object.created,
  }));
  await upsertRows(em, { table: 'meter_error_report', key: ['connection_id', 'stripe_event_id'], kept: [] }, rows);
  const samples = rows.flatMap(({ reasons }) =>
    reasons.flatMap(({ code, samples }) => samples.map((one) => ({ code, ...one }))),
  );
  await markReported({ em }, connection.id, samples);
  return seen.map(({ id }) => (reports.has(id) ? 'applied' : 'ignored'));
}

function reasonOf({ code, error_count: errorCount, sample_errors }: Report['data']['reason']['error_types'][number]) {
  const samples = sample_errors.map(({ error_message: message, request }) => ({
    message,
    identifier: request?.identifier ?? null,
  }));
  return { code, errorCount, samples } satisfies MeterErrorReason;
}
