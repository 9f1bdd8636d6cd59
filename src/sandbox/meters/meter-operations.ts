import type Stripe from 'stripe';
import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { oneOf, page, text } from '../wire/parameter-kinds.ts';
import { type Every, hash, required } from '../wire/parameters.ts';

type Meter = Stored<'billing.meter'>;

const name = text({ max: 100 });

const parameters = {
  customer_mapping: hash({ event_payload_key: required(name), type: required(oneOf('by_id')) }),
  default_aggregation: required(hash({ formula: required(oneOf('count', 'last', 'sum')) })),
  display_name: required(text({ max: 250 })),
  event_name: required(name),
  event_time_window: oneOf('day', 'hour'),
  value_settings: hash({ event_payload_key: required(name) }),
} satisfies Every<Stripe.Billing.MeterCreateParams>;

/** Something that is counted for customers. One active meter has an event name. */
export const createMeter = operation(parameters, async (tx, input) => {
  const [holder] = await tx.all('billing.meter', { event_name: input.event_name, status: 'active' });
  if (holder) {
    throw invalidRequest(
      `There is already an active meter (${holder.id}) for the event name ${input.event_name}.`,
      'event_name',
      'resource_already_exists',
    );
  }
  const meter = tx.add<Meter>({
    id: newId('mtr_test_61', 25),
    object: 'billing.meter',
    created: tx.now,
    customer_mapping: input.customer_mapping ?? { event_payload_key: 'stripe_customer_id', type: 'by_id' },
    default_aggregation: input.default_aggregation,
    display_name: input.display_name,
    event_name: input.event_name,
    event_time_window: input.event_time_window ?? null,
    livemode: false,
    status: 'active',
    status_transitions: { deactivated_at: null },
    updated: tx.now,
    value_settings: input.value_settings ?? { event_payload_key: 'value' },
  });
  tx.emit('billing.meter.created', meter);
  return meter;
});

export const updateMeter = operation({ display_name: text({ max: 250 }) }, async (tx, { display_name }, id) => {
  const meter = await tx.get('billing.meter', id!);
  const previous = tx.update(meter, { display_name });
  if (previous) {
    Object.assign(previous, tx.update(meter, { updated: tx.now }));
    tx.emit('billing.meter.updated', meter, previous);
  }
  return meter;
});

export const deactivateMeter = operation({}, async (tx, _input, id) => {
  const meter = await tx.get('billing.meter', id!);
  if (meter.status !== 'active') throw invalidRequest(`The meter ${meter.id} is already inactive.`);
  tx.update(meter, { status: 'inactive', status_transitions: { deactivated_at: tx.now }, updated: tx.now });
  tx.emit('billing.meter.deactivated', meter);
  return meter;
});

export const reactivateMeter = operation({}, async (tx, _input, id) => {
  const meter = await tx.get('billing.meter', id!);
  if (meter.status === 'active') throw invalidRequest(`The meter ${meter.id} is already active.`);
  tx.update(meter, { status: 'active', status_transitions: { deactivated_at: null }, updated: tx.now });
  tx.emit('billing.meter.reactivated', meter);
  return meter;
});

const listed = { ...page, status: oneOf('active', 'inactive') } satisfies Every<Stripe.Billing.MeterListParams>;

export const listMeters = operation(listed, (tx, input) =>
  tx.list('billing.meter', '/v1/billing/meters', input, { status: input.status }),
);
