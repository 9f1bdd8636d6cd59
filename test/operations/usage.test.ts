import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, startBillgraph } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { featuresOf } from '../rig/features.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { openShop, type Shop } from '../rig/shop.ts';
import { type UsageOf, usageOf } from '../rig/usage.ts';

const hour = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();
/** The begin of an hour two days back. */
const begin = Date.now() - (Date.now() % hour) - 48 * hour;

let billgraph: Billgraph;
let shop: Shop;
let of: UsageOf;
let calls: { id: string; eventName: string; stripeMeterId: string };
beforeAll(async () => {
  billgraph = await startBillgraph();
  shop = await openShop(billgraph);
  of = usageOf(billgraph, shop.tenant);
  calls = await of.newMeter('SUM', { unit: 'calls' });
});
afterAll(() => billgraph.close());

const asked = (fields: object = {}, credential?: string) =>
  of.usage({ customer: { id: shop.ada.id }, meter: { eventName: calls.eventName }, ...fields }, credential);
const report = (customerId: string, at: number, value: string, meter = calls.id) =>
  of.report([{ meter, customerId, value, timestamp: iso(at) }]);

describe('answers', () => {
  it('a range, to the millisecond, and its hours and days in UTC', async () => {
    const { id: customerId } = await of.newCustomer();
    const at = (ms: number, value: string) => report(customerId, begin + ms, value);
    for (const [ms, value] of [
      [-1, '1'],
      [0, '2'],
      [hour - 1, '4'],
      [hour, '8'],
      [26 * hour, '16.5'],
      [26 * hour + 1, '32'],
    ] as const)
      await at(ms, value);
    const range = { from: iso(begin), to: iso(begin + 26 * hour + 1) };
    const { data } = await asked({ customer: { id: customerId }, range, groupBy: 'HOUR' });
    expect(data.usage).toEqual({
      ...range,
      value: '30.5',
      events: 4,
      unit: 'calls',
      customerId,
      meterId: calls.id,
      buckets: [
        { from: iso(begin), to: iso(begin + hour), value: '6', events: 2 },
        { from: iso(begin + hour), to: iso(begin + 2 * hour), value: '8', events: 1 },
        { from: iso(begin + 26 * hour), to: range.to, value: '16.5', events: 1 },
      ],
    });
    const days = await asked({ customer: { id: customerId }, range, groupBy: 'DAY' });
    const sum = days.data.usage.buckets.reduce((all: number, { value }: { value: string }) => all + Number(value), 0);
    expect(sum).toBe(30.5);
    for (const { from } of days.data.usage.buckets.slice(1)) expect(from).toMatch(/T00:00:00.000Z$/);
  });

  it('0 where nothing was reported, for each kind of meter', async () => {
    for (const kind of ['SUM', 'COUNT', 'MAX', 'LAST', 'UNIQUE_COUNT']) {
      const { id } = await of.newMeter(kind);
      const { data } = await asked({ meter: { id }, groupBy: 'DAY' });
      expect([kind, data.usage]).toMatchObject([kind, { value: '0', events: 0, buckets: [] }]);
    }
  });

  it('the calendar month in UTC for a customer without a subscription', async () => {
    const { id } = await of.newCustomer();
    const { from, to } = (await asked({ customer: { id } })).data.usage;
    expect([from, to].map((time) => time.slice(8))).toEqual(Array(2).fill('01T00:00:00.000Z'));
    expect(new Date(to).getTime() - new Date(from).getTime()).toBeGreaterThan(27 * 24 * hour);
    expect(Date.now()).toBeLessThan(new Date(to).getTime());
  });

  it('the period of the live subscription, and rather that of the item that charges the meter', async () => {
    const { stripe } = shop.tenant;
    const periodOf = async () => {
      const { from, to } = (await asked({ period: 'CURRENT_BILLING_PERIOD' })).data.usage;
      return { from, to };
    };
    const rowOf = async (stripeSubscriptionId: string) =>
      (
        await asOwner(
          billgraph.databaseUrl,
          `select i.current_period_start as from, i.current_period_end as to from subscription_item i
           join subscription s on s.id = i.subscription_id where s.stripe_subscription_id = '${stripeSubscriptionId}'`,
        )
      ).map(({ from, to }) => ({ from: new Date(from).toISOString(), to: new Date(to).toISOString() }))[0];
    expect(await periodOf()).toEqual(await rowOf(shop.ada.stripeSubscriptionId));

    const { id: product } = await stripe.products.create({ name: 'Calls' });
    const price = await stripe.prices.create({
      product,
      currency: 'usd',
      unit_amount: 1,
      recurring: { interval: 'year', usage_type: 'metered', meter: calls.stripeMeterId },
    });
    const metered = await stripe.subscriptions.create({
      customer: shop.ada.stripeCustomerId,
      items: [{ price: price.id }],
    });
    const newest = await stripe.subscriptions.create({
      customer: shop.ada.stripeCustomerId,
      items: [{ price: shop.price }],
    });
    await billgraph.settled();
    expect(await periodOf()).toEqual(await rowOf(metered.id));
    await stripe.subscriptions.cancel(metered.id);
    await billgraph.settled();
    expect(await periodOf()).toEqual(await rowOf(newest.id));
  });

  it('the period that follows where Stripe has not told of it yet', async () => {
    const row = `from subscription s where s.id = i.subscription_id and s.stripe_subscription_id = '${shop.bob.stripeSubscriptionId}'`;
    await asOwner(
      billgraph.databaseUrl,
      `update subscription_item i set current_period_start = now() - interval '40 days', current_period_end = now() - interval '1 hour' ${row}`,
    );
    const { from, to } = (await asked({ customer: { id: shop.bob.id } })).data.usage;
    expect(new Date(from).getTime()).toBeLessThan(Date.now());
    expect(new Date(to).getTime()).toBeGreaterThan(Date.now() + 20 * 24 * hour);
    await report(shop.bob.id, Date.now() - 2 * hour, '5');
    await report(shop.bob.id, Date.now(), '3');
    expect((await asked({ customer: { id: shop.bob.id } })).data.usage.value).toBe('3');
  });

  it.each([31, 60, 92, 800])('the period of now where Stripe told nothing for %i days', async (days) => {
    const row = `from subscription s where s.id = i.subscription_id and s.stripe_subscription_id = '${shop.bob.stripeSubscriptionId}'`;
    await asOwner(
      billgraph.databaseUrl,
      `update subscription_item i set current_period_start = now() - interval '${days + 30} days', current_period_end = now() - interval '${days} days' ${row}`,
    );
    const { from, to } = (await asked({ customer: { id: shop.bob.id } })).data.usage;
    const [begin, end] = [new Date(from).getTime(), new Date(to).getTime()];
    expect(begin).toBeLessThanOrEqual(Date.now());
    expect(end).toBeGreaterThan(Date.now());
    expect((end - begin) / (24 * hour)).toBeLessThanOrEqual(31);
  });

  it('null for a customer or a meter that is not there', async () => {
    for (const fields of [
      { customer: { id: 'pc_00000000000000000000000000' } },
      { customer: { externalId: 'nul \0' } },
      { meter: { id: 'nothing' } },
      { meter: { eventName: 'half \ud800' } },
    ])
      expect((await asked(fields)).data).toEqual({ usage: null });
  });

  it('a customer token with its own usage, and no other', async () => {
    await report(shop.ada.id, Date.now(), '9');
    const token = await shop.tokenFor(shop.ada, ['usage:read']);
    const { data } = await of.usage({ meter: { id: calls.id } }, token);
    expect([data.usage.customerId, data.usage.value]).toEqual([shop.ada.id, '9']);
    expect((await asked({ customer: { id: shop.bob.id } }, token)).data).toEqual({ usage: null });
    const events = await of.usageEvents({ meterId: calls.id }, token);
    expect(events.data.usageEvents.nodes).toMatchObject([{ value: '9', status: 'RECORDED' }]);
  });
});

describe('a reservation that waits for its turn while the period ends', () => {
  it('is decided by what was used in the period of now', async () => {
    const { tenant, bob } = shop;
    const images = await of.newMeter('SUM');
    const features = featuresOf(billgraph, tenant);
    await features.newFeature('images', { type: 'LIMIT', meter: images.id });
    await features.made('grantFeature', { customerId: bob.id, feature: 'images', reason: 'a test', limit: '100' });
    const reserve = 'mutation ($input: ReserveUsageInput!) { reserveUsage(input: $input) { remaining } }';
    const holder = new pg.Client(billgraph.databaseUrl);
    await holder.connect();
    try {
      await holder.query('select pg_advisory_lock(hashtextextended($1, 0))', [`usage/${bob.id}/${images.id}`]);
      const waiting = ask(billgraph, tenant.apiKey, reserve, {
        input: { customerId: bob.id, feature: 'images', amount: '60' },
      });
      const waiters = `select from pg_locks join pg_database d on d.oid = database
        where locktype = 'advisory' and not granted and datname = current_database()`;
      await expect.poll(async () => (await holder.query(waiters)).rowCount, { timeout: 10_000 }).toBe(1);
      // It ends after the reservation's transaction has begun.
      await holder.query(
        `update subscription_item i set current_period_start = now() - interval '30 days', current_period_end = now()
         from subscription s where s.id = i.subscription_id and s.customer_id = $1`,
        [bob.id],
      );
      await report(bob.id, Date.now() + 1, '60', images.id);
      await holder.query('select pg_advisory_unlock_all()');
      expect(refusalsOf(await waiting)).toEqual([{ code: 'LIMIT_REACHED', field: 'amount' }]);
    } finally {
      await holder.end();
    }
  });
});

describe('refuses', () => {
  it.each([
    ['an end that is no later', { range: { from: iso(begin), to: iso(begin) } }, 'range.to'],
    [
      'a period and a range',
      { period: 'CURRENT_BILLING_PERIOD', range: { from: iso(begin), to: iso(begin + 1) } },
      'range',
    ],
    ['too many hours', { groupBy: 'HOUR', range: { from: iso(begin), to: iso(begin + 1_000 * hour + 1) } }, 'groupBy'],
    ['nobody', { customer: null }, 'customer'],
  ])('%s', async (_what, fields, field) => {
    expect(refusalsOf(await asked(fields))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });

  it('a filter of events in which nothing lies', async () => {
    const filter = { from: iso(begin), to: iso(begin) };
    expect(refusalsOf(await of.usageEvents(filter))).toEqual([{ code: 'BAD_USER_INPUT', field: 'filter.to' }]);
  });
});

describe('is not allowed', () => {
  it('without the scope', async () => {
    const key = await shop.tenant.newApiKey({ scopes: ['customers:read', 'usage:write'] });
    expect(refusalsOf(await asked({}, key))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await of.usageEvents({}, key))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
