import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Border, patience } from '../rig/borders.ts';
import { ago, forwardingOf } from '../rig/forwarding.ts';
import { startMortalWorker } from '../rig/mortal-worker.ts';

/** The worker is killed with usage between the outbox and Stripe; another one goes on, and Stripe counts each event once. */

type State = 'ASKED' | 'COUNTED';
const borders: Border<State>[] = ['to ASKED', 'before Stripe', 'after Stripe', 'to COUNTED'];
const minute = 60_000;

let mortal: Awaited<ReturnType<typeof startMortalWorker<State>>>;
let rig: ReturnType<typeof forwardingOf>;
beforeAll(async () => {
  mortal = await startMortalWorker({ table: 'usage_forwarding', path: /^\/v1\/billing\/meter_events$/ });
  rig = forwardingOf(mortal.billgraph, mortal.tenant);
}, 60_000);
afterAll(() => mortal?.close());

it.each(borders)('killed %s: each event is counted once', { timeout: 60_000 }, async (border) => {
  const one = await rig.someone();
  const events = [1, 2, 3].map((n) => ({ value: `${n}.5`, timestamp: ago(n * minute) }));
  await mortal.killAt(border, () => one.uses(...events));
  expect(await one.states()).not.toContain('COUNTED');

  await mortal.startAgain();
  await expect.poll(one.states, patience).toEqual(['COUNTED', 'COUNTED', 'COUNTED']);
  expect(await one.total()).toBe(7.5);
});
