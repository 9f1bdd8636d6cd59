import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

/** Says by a thin event that an event of a meter could not be counted: nobody has the customer that it names. */
export function reportUnknownCustomer(
  tx: AccountTransaction,
  meter: Stored<'billing.meter'>,
  customer: string,
  identifier: string,
): void {
  const sample = { error_message: `No such customer: '${customer}'`, request: { identifier } };
  const type = { code: 'meter_event_customer_not_found', error_count: 1, sample_errors: [sample] };
  const time = new Date(tx.now * 1_000).toISOString();
  tx.emitThin(
    'v1.billing.meter.error_report_triggered',
    { id: meter.id, type: 'billing.meter', url: `/v1/billing/meters/${meter.id}` },
    {
      developer_message_summary: 'There is 1 invalid event',
      reason: { error_count: 1, error_types: [type] },
      validation_end: time,
      validation_start: time,
    },
  );
}
