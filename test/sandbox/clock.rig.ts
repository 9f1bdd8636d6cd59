import type Stripe from 'stripe';
import { expect } from 'vitest';
import { makeMonthlyPrice } from './sandbox.rig.ts';

export const day = 86_400;
/** 1 January 2027, 00:00 UTC: where the clocks of these tests start. */
export const newYear = Date.UTC(2027, 0, 1) / 1_000;
export const at = (year: number, month: number, date = 1) => Date.UTC(year, month - 1, date) / 1_000;

export function card(stripe: Stripe, number = '4242424242424242') {
  return stripe.paymentMethods.create({ type: 'card', card: { number, exp_month: 12, exp_year: 2040, cvc: '123' } });
}

/** Attaches a new card to a customer and makes it the default. */
export async function giveCard(stripe: Stripe, customer: string, number?: string) {
  const { id } = await card(stripe, number);
  await stripe.paymentMethods.attach(id, { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } });
  return id;
}

/** A customer under a clock of its own, with a card unless `number` is `null`. */
export async function customerOnClock(stripe: Stripe, number: string | null = '4242424242424242') {
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: newYear });
  const customer = await stripe.customers.create({ email: 'ada@example.com', test_clock: clock.id });
  if (number) await giveCard(stripe, customer.id, number);
  return { clock: clock.id, customer: customer.id };
}

export async function subscribe(stripe: Stripe, customer: string, more: Partial<Stripe.SubscriptionCreateParams> = {}) {
  const items = more.items ?? [{ price: (await makeMonthlyPrice(stripe)).id }];
  return stripe.subscriptions.create({ customer, ...more, items });
}

/** Advances a clock and waits until it is ready. */
export async function advance(stripe: Stripe, clock: string, frozen_time: number) {
  const { status } = await stripe.testHelpers.testClocks.advance(clock, { frozen_time });
  expect(status).toBe('advancing');
  await expect
    .poll(async () => (await stripe.testHelpers.testClocks.retrieve(clock)).status, { timeout: 20_000, interval: 20 })
    .toBe('ready');
}

/** Everything that happened, oldest first, without the catalog's and the clocks' part. */
export async function history(stripe: Stripe) {
  const events = await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 });
  return events.reverse().filter(({ type }) => !/^(product|price|test_helpers)\./.test(type));
}

export async function historyOf(stripe: Stripe, ...types: string[]) {
  return (await history(stripe)).map(({ type }) => type).filter((type) => types.includes(type));
}

export const statusesOf = (events: Stripe.Event[]) =>
  events
    .filter(({ type }) => type.startsWith('customer.subscription.'))
    .map(({ type, data }) => `${type.split('.').at(-1)} ${(data.object as Stripe.Subscription).status}`);
