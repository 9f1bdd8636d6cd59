import type Stripe from 'stripe';
import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { text, timestamp } from '../wire/parameter-kinds.ts';
import { type Every, required } from '../wire/parameters.ts';
import { reportUnknownCustomer } from './report-error.ts';

type Meter = Stored<'billing.meter'>;

const day = 86_400;
/** Of a value: what a double keeps exactly. */
const mostDigits = 15;

const parameters = {
  event_name: required(text({ max: 100 })),
  identifier: text({ max: 100 }),
  payload: required(metadata),
  timestamp,
} satisfies Every<Stripe.Billing.MeterEventCreateParams>;

/** Counts something for a customer. One that nobody knows is found out later: the meter then reports an error. */
export const createMeterEvent = operation(parameters, async (tx, input) => {
  const meter = await meterFor(tx, input.event_name);
  const payload = input.payload ?? {};
  const customer = payload[meter.customer_mapping.event_payload_key];
  if (!customer) {
    const key = meter.customer_mapping.event_payload_key;
    throw invalidRequest(
      `The payload names no customer: add \`${key}\`.`,
      `payload[${key}]`,
      'meter_event_no_customer_defined',
    );
  }
  const value = valueIn(meter, payload);
  const known = await tx.find('customer', customer);
  const { identifier = newId('', 32), timestamp = tx.now } = input;
  refuseOddTime(tx.now, timestamp);
  const id = `${meter.event_name} ${identifier}`;
  if (await tx.existed('billing.meter_event', id)) {
    throw invalidRequest(
      `An event already exists with identifier ${identifier}.`,
      'identifier',
      'duplicate_meter_event',
    );
  }
  if (!known) reportUnknownCustomer(tx, meter, customer, identifier);
  const event = {
    object: 'billing.meter_event' as const,
    created: tx.now,
    event_name: meter.event_name,
    identifier,
    livemode: false,
    payload,
    timestamp,
  };
  if (known) tx.add({ ...event, id, customer, meter: meter.id, value, canceled: false });
  return event;
});

async function meterFor(tx: AccountTransaction, event_name: string): Promise<Meter> {
  const meters = await tx.all('billing.meter', { event_name });
  const active = meters.find(({ status }) => status === 'active');
  if (active) return active;
  const [message, code] = meters.length
    ? [`The meter for the event name ${event_name} is inactive.`, 'archived_meter']
    : [`No active meter found for event name ${event_name}.`, 'no_meter'];
  throw invalidRequest(message, 'event_name', code);
}

function valueIn({ default_aggregation, value_settings }: Meter, payload: Record<string, string>): number {
  if (default_aggregation.formula === 'count') return 1;
  const key = value_settings.event_payload_key;
  const text = payload[key];
  if (text === undefined) {
    throw invalidRequest(`The payload has no value: add \`${key}\`.`, `payload[${key}]`, 'meter_event_value_not_found');
  }
  if (/^-?\d{1,40}(\.\d{1,40})?$/.test(text)) {
    if (significantDigits(text) <= mostDigits) return Number(text);
    throw invalidRequest(
      `The value in the event payload can have at most ${mostDigits} digits. Received ${text}.`,
      `payload[${key}]`,
      'meter_event_value_too_many_digits',
    );
  }
  throw invalidRequest(`Invalid meter event value: ${text}`, `payload[${key}]`, 'meter_event_invalid_value');
}

const significantDigits = (text: string) => text.replace(/\D/g, '').replace(/^0+/, '').length;

function refuseOddTime(now: number, time: number): void {
  if (time < now - 35 * day) {
    throw invalidRequest('The timestamp must be within the past 35 days.', 'timestamp', 'timestamp_too_far_in_past');
  }
  if (time > now + 300) {
    throw invalidRequest('The timestamp can be at most 5 minutes in the future.', 'timestamp', 'timestamp_in_future');
  }
}
