import { newId, randomText } from '../ids.ts';
import type { Stored } from '../objects.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { integer, mapped, oneOf, page, text } from '../wire/parameter-kinds.ts';
import { required } from '../wire/parameters.ts';
import { apiFaults, paymentFaults, webhookFaults } from './fault.ts';

const probability = mapped(text({ max: 20 }), (value, { name }) => {
  const number = /^\d*\.?\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= 0 && number <= 1) return number;
  throw invalidRequest(`Invalid probability: ${value}; must be a number from 0 (never) to 1 (always)`, name);
});

const parameters = {
  kind: required(oneOf(...webhookFaults, ...apiFaults, ...paymentFaults)),
  milliseconds: integer({ min: 0, max: 3_600_000 }),
  next: integer({ min: 1, max: 1_000_000 }),
  only: text({ max: 200 }),
  probability,
  seed: text({ max: 100 }),
};

/** Has something go wrong from now on: the `next` times, or until the fault is deleted. */
export const createFault = operation(parameters, async (tx, input) =>
  tx.add<Stored<'sandbox.fault'>>({
    id: newId('fault_', 14),
    object: 'sandbox.fault',
    created: tx.now,
    kind: input.kind,
    only: input.only ?? null,
    probability: input.probability ?? 1,
    remaining: input.next ?? null,
    seed: input.seed ?? randomText(8),
    milliseconds: input.milliseconds ?? 2_000,
    drawn: 0,
    struck: 0,
  }),
);

export const listFaults = operation(page, (tx, input) => tx.list('sandbox.fault', '/_sandbox/faults', input));

export const deleteFault = operation({}, async (tx, _input, id) => {
  const fault = await tx.get('sandbox.fault', id!);
  tx.remove(fault);
  return { id: fault.id, object: fault.object, deleted: true };
});

/** Makes everything go right again. */
export const deleteFaults = operation({}, async (tx) => {
  const faults = await tx.all('sandbox.fault', {});
  for (const fault of faults) tx.remove(fault);
  return { object: 'list', data: [], has_more: false, url: '/_sandbox/faults' };
});
