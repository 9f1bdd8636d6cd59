import { afterAll, beforeAll, expect, it } from 'vitest';
import { deliver, type Event, type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';

let ingestion: Ingestion;
let connection: TestConnection;
beforeAll(async () => {
  ingestion = await startIngestion();
  connection = await ingestion.newConnection();
});
afterAll(() => ingestion.close());

const notification = (id: string): Event => ({
  id,
  object: 'v2.core.event',
  type: 'v1.billing.meter.error_report_triggered',
  created: '2026-11-21T10:00:00.123Z',
  livemode: false,
  context: null,
  reason: null,
  related_object: { id: 'mtr_1', type: 'billing.meter', url: '/v1/billing/meters/mtr_1' },
});

/** What Stripe answers to whoever asks for the event. */
const whole = (id: string) => ({
  ...notification(id),
  object: 'v2.core.event',
  data: {
    developer_message_summary: 'There are 3 invalid events',
    validation_start: '2026-11-21T09:00:00.000Z',
    validation_end: '2026-11-21T09:10:00.000Z',
    reason: {
      error_count: 3,
      error_types: [
        {
          code: 'meter_event_customer_not_found',
          error_count: 3,
          sample_errors: [{ error_message: "No such customer: 'cus_x'", request: { identifier: 'use_1' } }],
        },
      ],
    },
  },
});

async function bring(event: Event) {
  await deliver(ingestion, connection, event);
  await ingestion.worker.idle();
  const [row] = await ingestion.rows('select outcome from inbound_event where event_id = $1', [event.id]);
  return row!.outcome;
}

const reportsOf = (id: string) => ingestion.rows('select * from meter_error_report where stripe_event_id = $1', [id]);

it('fetches what the event does not carry, once', async () => {
  ingestion.stripe.objects.set('evt_test_1', whole('evt_test_1'));
  expect(await bring(notification('evt_test_1'))).toBe('applied');
  expect(await bring(notification('evt_test_1'))).toBe('applied');
  expect(await reportsOf('evt_test_1')).toMatchObject([
    {
      id: expect.stringMatching(/^mer_/),
      connection_id: connection.id,
      stripe_meter_id: 'mtr_1',
      summary: 'There are 3 invalid events',
      window_start: '2026-11-21 09:00:00+00',
      window_end: '2026-11-21 09:10:00+00',
      error_count: '3',
      reasons: [
        {
          code: 'meter_event_customer_not_found',
          errorCount: 3,
          samples: [{ message: "No such customer: 'cus_x'", identifier: 'use_1' }],
        },
      ],
      created_at: '2026-11-21 10:00:00.123+00',
    },
  ]);
  expect(ingestion.stripe.asked.filter((id) => id === 'evt_test_1')).toHaveLength(1);
});

it('waits while Stripe is down, and brings it afterwards', async () => {
  const error = { type: 'api_error', message: 'down' };
  ingestion.stripe.instead.set('evt_test_2', { status: 503, error });
  ingestion.stripe.objects.set('evt_test_2', whole('evt_test_2'));
  expect(await bring(notification('evt_test_2'))).toBeNull();
  ingestion.stripe.instead.delete('evt_test_2');
  await ingestion.rows(`update lane set run_at = now() where key like '%evt_test_2'`);
  await expect.poll(() => reportsOf('evt_test_2')).toHaveLength(1);
});

it('that is of another type than was announced is ignored', async () => {
  ingestion.stripe.objects.set('evt_test_3', { ...whole('evt_test_3'), type: 'v1.billing.meter.no_meter_found' });
  expect(await bring(notification('evt_test_3'))).toBe('ignored');
  expect(await reportsOf('evt_test_3')).toEqual([]);
});
