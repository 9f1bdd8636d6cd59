import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Border, patience } from '../rig/borders.ts';
import { startMortalWorker } from '../rig/mortal-worker.ts';
import { rewardsOf } from '../rig/rewards.ts';
import { usageOf } from '../rig/usage.ts';

/** The worker is killed with a reward between the ledger and Stripe; another one goes on, and the customer has it once. */

type State = 'ASKED' | 'DONE';
const borders: Border<State>[] = ['to ASKED', 'before Stripe', 'after Stripe', 'to DONE'];

let mortal: Awaited<ReturnType<typeof startMortalWorker<State>>>;
let rig: ReturnType<typeof rewardsOf>;
let newCustomer: ReturnType<typeof usageOf>['newCustomer'];
beforeAll(async () => {
  mortal = await startMortalWorker({ table: 'referral_payout', path: /\/balance_transactions$/ });
  rig = rewardsOf(mortal.billgraph, mortal.tenant);
  newCustomer = usageOf(mortal.billgraph, mortal.tenant).newCustomer;
}, 60_000);
afterAll(() => mortal?.close());

it.each(borders)('killed %s: a credit is given once, and taken back once', { timeout: 60_000 }, async (border) => {
  const customer = await newCustomer();
  const one = rig.reward(customer.id);
  await mortal.killAt(border, one.credit);
  expect(await one.states()).not.toContain('DONE');

  await mortal.startAgain();
  await expect.poll(one.states, patience).toEqual(['DONE']);
  expect([await rig.held(customer.id), await rig.inStripe(customer.stripeCustomerId)]).toEqual([1_000, 1_000]);
  await one.clawBack();
  await expect.poll(one.states, patience).toEqual(['DONE', 'DONE']);
  expect([await rig.held(customer.id), await rig.inStripe(customer.stripeCustomerId)]).toEqual([0, 0]);
});
