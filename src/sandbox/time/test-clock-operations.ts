import type Stripe from 'stripe';
import { removeCustomer } from '../customers/delete-customer.ts';
import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { page, text, timestamp } from '../wire/parameter-kinds.ts';
import { type Every, notModelled, required } from '../wire/parameters.ts';

type TestClock = Stored<'test_helpers.test_clock'>;

const month = 30 * 86_400;

const parameters = {
  frozen_time: required(timestamp),
  name: text({ max: 300 }),
  ...notModelled('customer'),
} satisfies Every<Stripe.TestHelpers.TestClockCreateParams>;

/** A time of its own, which customers are put under when they are created. */
export const createTestClock = operation(parameters, async (tx, { frozen_time, name = null }) => {
  const clock = tx.add<TestClock>({
    id: newId('clock_1'),
    object: 'test_helpers.test_clock',
    created: tx.now,
    deletes_after: tx.now + month,
    frozen_time,
    livemode: false,
    name,
    status: 'ready',
    status_details: {},
  });
  tx.emit('test_helpers.test_clock.created', clock);
  return clock;
});

export const listTestClocks = operation(page, (tx, input) =>
  tx.list('test_helpers.test_clock', '/v1/test_helpers/test_clocks', input),
);

/** Deletes a clock with the customers under it, and cancels what they subscribe to. */
export const deleteTestClock = operation({}, async (tx, _input, id) => {
  const clock = await tx.get('test_helpers.test_clock', id!);
  if (clock.status === 'advancing') {
    throw invalidRequest(`The test clock ${clock.id} is advancing: it can be deleted when it is ready.`);
  }
  for (const customer of await tx.all('customer', { test_clock: clock.id })) {
    await removeCustomer(tx, customer);
  }
  tx.emit('test_helpers.test_clock.deleted', clock);
  tx.remove(clock);
  return { id: clock.id, object: clock.object, deleted: true };
});
