import type Stripe from 'stripe';
import type { Stored } from '../objects.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { pageOf } from '../wire/page-of.ts';
import { oneOf, page, text, timestamp } from '../wire/parameter-kinds.ts';
import { type Every, required } from '../wire/parameters.ts';
import { aggregate, meterEvents } from './usage-of.ts';

const seconds = { hour: 3_600, day: 86_400 };

const parameters = {
  ...page,
  customer: required(text()),
  end_time: required(timestamp),
  start_time: required(timestamp),
  value_grouping_window: oneOf('day', 'hour'),
} satisfies Every<Stripe.Billing.MeterListEventSummariesParams>;

/** What a customer used, in all or for each hour or day that has anything, newest first. */
export const listEventSummaries = operation(parameters, async (tx, input, id) => {
  const meter = await tx.get('billing.meter', id!);
  const { start_time: start, end_time: end, value_grouping_window: window } = input;
  const unit = window ? seconds[window] : 60;
  for (const [name, time] of [
    ['start_time', start],
    ['end_time', end],
  ] as const) {
    if (time % unit) throw invalidRequest(`\`${name}\` must be on a whole ${window ?? 'minute'}, in UTC.`, name);
  }
  if (end <= start) throw invalidRequest('`end_time` must be after `start_time`.', 'end_time');
  const { id: customer } = await tx.refer('customer', input.customer, 'customer');
  const events = await meterEvents(tx, meter.id, customer, { start, end });
  const length = window ? seconds[window] : end - start;
  const groups = Map.groupBy(events, ({ timestamp }) => start + Math.floor((timestamp - start) / length) * length);
  if (!window && !groups.size) groups.set(start, []);
  const summaries = [...groups]
    .sort(([a], [b]) => b - a)
    .map(([from, used]) => summary(meter, customer, used, from, from + length));
  return pageOf(summaries, `/v1/billing/meters/${meter.id}/event_summaries`, input);
});

function summary(
  meter: Stored<'billing.meter'>,
  customer: string,
  events: Stored<'billing.meter_event'>[],
  start_time: number,
  end_time: number,
): Stripe.Billing.MeterEventSummary {
  return {
    id: `mtrusg_test_${customer.slice(4)}${start_time}${end_time - start_time}`,
    object: 'billing.meter_event_summary',
    aggregated_value: aggregate(meter, events),
    end_time,
    livemode: false,
    meter: meter.id,
    start_time,
  };
}
