import type Stripe from 'stripe';
import { routingMetadata } from '../../src/tenant.ts';
import type { TestTenant } from '../rig/billgraph.ts';

/** Numbers that a seed decides: the same ones again for the same seed. */
export function createDice(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    upTo: (most: number) => 1 + Math.floor(next() * most),
    oneOf: <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)]!,
    chance: (of: number) => next() < of,
  };
}
export type Dice = ReturnType<typeof createDice>;

export type Shelf = {
  /** By Stripe's id, with tiers and other currencies. */
  prices: Map<string, Stripe.Price>;
  coupons: string[];
};

/** What lives can buy: prices of every interval and kind in two currencies, and coupons of every kind. */
export async function stock({ stripe }: TestTenant): Promise<Shelf> {
  const [one, other] = await Promise.all(['One', 'Other'].map((name) => stripe.products.create({ name })));
  const meter = await stripe.billing.meters.create({
    display_name: 'calls',
    event_name: `calls_${one!.id}`,
    default_aggregation: { formula: 'sum' },
  });
  const euros = (unit_amount: number) => ({ eur: { unit_amount } });
  const tiers = (to: number) => [
    { up_to: to, unit_amount: 700, flat_amount: 1100 },
    { up_to: 2 * to, unit_amount: 333 },
    { up_to: 'inf' as const, unit_amount_decimal: '10.5' as unknown as Stripe.Decimal, flat_amount: 9 },
  ];
  const tiered = (mode: 'graduated' | 'volume') =>
    ({
      billing_scheme: 'tiered',
      tiers_mode: mode,
      tiers: tiers(3),
      currency_options: { eur: { tiers: tiers(4) } },
    }) as const;
  const kinds: Omit<Stripe.PriceCreateParams, 'currency' | 'product'>[] = [
    { recurring: { interval: 'month' }, unit_amount: 1000, currency_options: euros(900) },
    { recurring: { interval: 'month', interval_count: 3 }, unit_amount: 2999, currency_options: euros(2799) },
    { recurring: { interval: 'year' }, unit_amount: 10_000, currency_options: euros(9100) },
    { recurring: { interval: 'week' }, unit_amount: 300, currency_options: euros(271) },
    { recurring: { interval: 'week', interval_count: 2 }, unit_amount: 500, currency_options: euros(499) },
    { recurring: { interval: 'day', interval_count: 10 }, unit_amount: 77, currency_options: euros(71) },
    { recurring: { interval: 'month' }, ...tiered('graduated') },
    { recurring: { interval: 'month' }, ...tiered('volume') },
    {
      recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
      unit_amount: 5,
      currency_options: euros(4),
    },
  ];
  const made = await Promise.all(
    kinds.map((kind, index) =>
      stripe.prices.create({ ...kind, currency: 'usd', product: (index % 2 ? other : one)!.id }),
    ),
  );
  const expand = ['tiers', 'currency_options', 'currency_options.eur.tiers'];
  const prices = await Promise.all(made.map(({ id }) => stripe.prices.retrieve(id, { expand })));
  const both = { currency: 'usd', currency_options: { eur: { amount_off: 350 } } };
  const given: Stripe.CouponCreateParams[] = [
    { percent_off: 25, duration: 'forever' },
    { percent_off: 33.33, duration: 'repeating', duration_in_months: 2 },
    { percent_off: 100, duration: 'repeating', duration_in_months: 1 },
    { percent_off: 50, duration: 'once' },
    { percent_off: 10, duration: 'forever', applies_to: { products: [other!.id] } },
    { amount_off: 400, duration: 'forever', ...both },
    { amount_off: 123, duration: 'repeating', duration_in_months: 3, ...both },
    { amount_off: 50_000, duration: 'repeating', duration_in_months: 1, ...both },
  ];
  const coupons = await Promise.all(given.map((coupon) => stripe.coupons.create(coupon)));
  return {
    prices: new Map(prices.map((price) => [price.id, price])),
    coupons: coupons.map(({ id }) => id),
  };
}

/** Newer versions take no coupon for a customer. */
export const withCoupons = { apiVersion: '2026-08-26.dahlia' };

/** A customer under a test clock, and what became of him. */
export type Life = { customer: string; clock: string; subscriptions: string[]; told: string[] };

const begin = Date.UTC(2027, 0, 1) / 1000;
const day = 86_400;

export async function bear(tenant: TestTenant): Promise<Life> {
  const { stripe } = tenant;
  const { id: clock } = await stripe.testHelpers.testClocks.create({ frozen_time: begin });
  const { id: customer } = await stripe.customers.create({ test_clock: clock, metadata: routingMetadata(tenant) });
  await giveCard(stripe, customer, 'pm_card_visa');
  return { customer, clock, subscriptions: [], told: [] };
}

/** Does one thing at random. What Stripe refuses is no matter. */
export async function liveOn(
  { stripe }: TestTenant,
  { prices, coupons }: Shelf,
  life: Life,
  dice: Dice,
): Promise<void> {
  const { customer, clock, subscriptions } = life;
  // The newest one most of the time: others have ended.
  const id = dice.chance(0.7) ? subscriptions.at(-1) : (dice.oneOf(subscriptions) as string | undefined);
  const anItem = () => {
    const price = dice.oneOf([...prices.values()]);
    const isMetered = price.recurring!.usage_type === 'metered';
    return { price: price.id, ...(isMetered ? {} : { quantity: dice.upTo(9) }) };
  };
  const items = () => Array.from({ length: dice.upTo(3) }, anItem);
  const discounts = () => Array.from({ length: dice.upTo(2) }, () => ({ coupon: dice.oneOf(coupons) }));
  const itemOf = async () => dice.oneOf((await stripe.subscriptions.retrieve(id!)).items.data);
  const subscribe = async () => {
    const made = await stripe.subscriptions.create({
      customer,
      items: items(),
      currency: dice.oneOf(['usd', 'usd', 'eur']),
      ...(dice.chance(0.4) ? { discounts: discounts() } : {}),
      ...(dice.chance(0.3) ? { trial_period_days: dice.upTo(40) } : {}),
    });
    subscriptions.push(made.id);
  };
  const wait = async () => {
    const { frozen_time: now } = await stripe.testHelpers.testClocks.retrieve(clock);
    for (const days of [dice.upTo(60), dice.upTo(20), dice.upTo(14)]) {
      const asked = await stripe.testHelpers.testClocks
        .advance(clock, { frozen_time: now + days * day + dice.upTo(day) })
        .catch(() => null);
      if (asked) return;
    }
  };
  const deeds: Record<string, () => Promise<unknown>> = {
    wait,
    'wait again': wait,
    'and again': wait,
    subscribe,
    'change an item': async () => {
      const { id: item } = await itemOf();
      return stripe.subscriptions.update(id!, { items: [{ id: item, ...anItem() }] });
    },
    'change a quantity': async () => {
      const { id: item } = await itemOf();
      return stripe.subscriptions.update(id!, { items: [{ id: item, quantity: dice.upTo(12) }] });
    },
    'add an item': () => stripe.subscriptions.update(id!, { items: [anItem()] }),
    'take an item away': async () => {
      const { id: item } = await itemOf();
      return stripe.subscriptions.update(id!, { items: [{ id: item, deleted: true }] });
    },
    'give discounts': () => stripe.subscriptions.update(id!, { discounts: discounts() }),
    'take discounts': () => stripe.subscriptions.deleteDiscount(id!),
    'give the customer a discount': () =>
      stripe.customers.update(customer, { coupon: dice.oneOf(coupons) } as object, withCoupons),
    'take his discount': () => stripe.customers.deleteDiscount(customer),
    pause: () => stripe.subscriptions.update(id!, { pause_collection: { behavior: 'void' } }),
    resume: () => stripe.subscriptions.update(id!, { pause_collection: '' }),
    'end at the end': () => stripe.subscriptions.update(id!, { cancel_at_period_end: true }),
    'end the trial': () => stripe.subscriptions.update(id!, { trial_end: 'now' }),
    end: () => stripe.subscriptions.cancel(id!),
    'a card that is declined': () => giveCard(stripe, customer, 'pm_card_chargeCustomerFail'),
    'a card that pays': () => giveCard(stripe, customer, 'pm_card_visa'),
    'pay what is open': async () => {
      const { data } = await stripe.invoices.list({ customer, status: 'open' });
      for (const invoice of data) await stripe.invoices.pay(invoice.id!);
    },
  };
  const name = subscriptions.length ? dice.oneOf(Object.keys(deeds)) : 'subscribe';
  const refused = await deeds[name]!().then(
    () => '',
    (failure: { message?: string; type?: string }) => {
      if (!failure.type?.startsWith('Stripe')) throw failure;
      return `: ${failure.message}`;
    },
  );
  life.told.push(`${name} ${id ?? ''}${refused}`);
}

async function giveCard(stripe: Stripe, customer: string, card: string): Promise<void> {
  const { id } = await stripe.paymentMethods.attach(card, { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } });
}
