import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wakeWaitingUsage } from '../../src/usage/forwarding/wake-waiting-usage.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { behave, misbehave } from '../rig/faults.ts';
import { ago, forwardingOf } from '../rig/forwarding.ts';
import { ask } from '../rig/graph.ts';

/** What is recorded here reaches Stripe's meter, as the sum, the count or the last value of a period. */

let billgraph: Billgraph;
let tenant: TestTenant;
let rig: ReturnType<typeof forwardingOf>;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  rig = forwardingOf(billgraph, tenant);
});
afterAll(() => billgraph.close());

const minute = 60_000;
/** A busy machine takes its time. */
const patience = { timeout: 15_000 };
const day = 1_440 * minute;
const meterEvents = 'POST /v1/billing/meter_events';

describe('usage reaches Stripe', () => {
  it('each event once, with its decimals; what is of one second as one', async () => {
    const one = await rig.someone();
    const second = new Date(Math.floor(Date.now() / 1000 - 90) * 1000).getTime();
    const at = (milliseconds: number) => new Date(second + milliseconds).toISOString();
    await one.uses(
      { value: '0.1', timestamp: at(0), identifier: 'once' },
      { value: '0.2', timestamp: at(999) },
      { value: '1000', timestamp: at(1_000) },
    );
    await one.uses({ value: '0.1', timestamp: at(0), identifier: 'once' });
    await billgraph.settled();
    expect(await one.total()).toBeCloseTo(1000.3, 9);
    const rows = await one.rows('state, stripe_identifier');
    expect(rows.map(({ state }) => state)).toEqual(['COUNTED', 'COUNTED', 'COUNTED']);
    expect(new Set(rows.map(({ stripe_identifier }) => stripe_identifier)).size).toBe(2);
  });

  it('counted events, each as one', async () => {
    const one = await rig.someone('COUNT');
    await one.uses({ timestamp: ago(minute) }, { timestamp: ago(minute) }, { timestamp: ago(2 * minute) });
    await billgraph.settled();
    expect(await one.total()).toBe(3);
  });

  it('is never sent where it was voided before', async () => {
    const one = await rig.someone();
    await misbehave(tenant, { kind: 'unavailable', only: meterEvents });
    const [event] = await one.uses({ value: '5', timestamp: ago(minute) });
    await expect.poll(one.states, patience).toEqual(['ASKED']);
    const [second] = await one.uses({ value: '7', timestamp: ago(3 * minute) });
    // The first may have been counted, and the second was not asked for.
    expect(await one.states()).toEqual(['ASKED', 'PENDING']);
    for (const id of [event, second]) await rig.voidUsage({ event: { id }, reason: 'a test' });
    await behave(tenant);
    await rig.atOnce();
    expect(await one.states()).toEqual(['COUNTED', 'DROPPED', 'COUNTED']);
    expect(await one.total()).toBe(0);
  });
});

describe('corrections', () => {
  it('what is voided or replaced is taken back by a value below zero', async () => {
    const one = await rig.someone();
    const [first, second] = await one.uses(
      { value: '5', timestamp: ago(2 * day) },
      { value: '8', timestamp: ago(3 * day) },
    );
    await billgraph.settled();
    await rig.voidUsage({ event: { id: first }, reason: 'twice' });
    await rig.replaceUsage({ event: { id: second }, value: '9.5', reason: 'more' });
    await billgraph.settled();
    expect(await one.total()).toBe(9.5);
    expect(
      (await one.rows('trim_scale(quantity)::text as quantity, is_correction')).map(({ quantity, is_correction }) => [
        quantity,
        is_correction,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['-5', true],
        ['-8', true],
        ['9.5', false],
      ]),
    );
  });

  it('a meter of Stripe that counts events is told to cancel one', async () => {
    const { id: stripeMeterId } = await tenant.stripe.billing.meters.create({
      display_name: 'Counted',
      event_name: 'counted_there',
      default_aggregation: { formula: 'count' },
    });
    const one = await rig.someone('COUNT', { stripeMeterId, eventName: 'counted_there' });
    const [event] = await one.uses({ timestamp: ago(minute) }, { timestamp: ago(minute) }, {});
    await billgraph.settled();
    expect(await one.total()).toBe(3);
    await rig.voidUsage({ event: { id: event }, reason: 'a test' });
    await billgraph.settled();
    expect(await one.total()).toBe(2);
  });

  it('and no earlier than it was told of it', async () => {
    const { id: stripeMeterId } = await tenant.stripe.billing.meters.create({
      display_name: 'Counted later',
      event_name: 'counted_later',
      default_aggregation: { formula: 'count' },
    });
    const one = await rig.someone('COUNT', { stripeMeterId, eventName: 'counted_later' });
    await misbehave(tenant, { kind: 'slow', milliseconds: 2_000, only: meterEvents, next: 1 });
    await misbehave(tenant, { kind: 'unavailable', only: meterEvents });
    const [, second] = await one.uses({ timestamp: ago(minute) }, { timestamp: ago(2 * minute) });
    await expect.poll(one.states, patience).toEqual(['ASKED', 'ASKED']);
    // Of the second it is not known yet that Stripe was never asked.
    await rig.voidUsage({ event: { id: second }, reason: 'a test' });
    await expect.poll(one.states, patience).toEqual(['ASKED', 'PENDING', 'PENDING']);
    await behave(tenant);
    await rig.atOnce();
    expect(await one.states()).toEqual(['COUNTED', 'COUNTED', 'COUNTED']);
    expect(await one.total()).toBe(1);
  });
});

describe('a meter that bills the last value of a period', () => {
  it.each([
    ['MAX', [{ value: '3' }, { value: '9' }, { value: '4' }], 9],
    ['LAST', [{ value: '3' }, { value: '9' }, { value: '4' }], 4],
    ['UNIQUE_COUNT', [{ uniqueValue: 'a' }, { uniqueValue: 'b' }, { uniqueValue: 'a' }], 2],
  ])('%s is told what the period has, as it changes', async (aggregation, values, total) => {
    const one = await rig.someone(aggregation);
    const events = values.map((value, index) => ({ ...value, timestamp: ago((3 - index) * 2_000) }));
    const ids: string[] = [];
    for (const event of events) {
      ids.push(...(await one.uses(event)));
      await billgraph.settled();
    }
    expect(await one.total()).toBe(total);
    // A late event, earlier than all that Stripe was told.
    const value = aggregation === 'UNIQUE_COUNT' ? { uniqueValue: 'c' } : { value: '11' };
    ids.push(...(await one.uses({ ...value, timestamp: ago(30_000) })));
    await billgraph.settled();
    const late = { MAX: 11, LAST: 4, UNIQUE_COUNT: 3 }[aggregation];
    expect(await one.total()).toBe(late);
    // A value that goes down, since an event was voided.
    for (const id of ids.slice(1)) await rig.voidUsage({ event: { id }, reason: 'a test' });
    await billgraph.settled();
    expect(await one.total()).toBe({ MAX: 3, LAST: 3, UNIQUE_COUNT: 1 }[aggregation]);
    expect(new Set(await one.states())).toEqual(new Set(['COUNTED']));
  });

  it('a late event of another period is told of in that one', async () => {
    const one = await rig.someone('MAX');
    const startOfMonth = Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth(), 1);
    const before = Math.max(startOfMonth - 2 * day, Date.now() - 34 * day);
    await one.uses({ value: '5', timestamp: ago(5_000) });
    await billgraph.settled();
    await one.uses({ value: '50', timestamp: new Date(before).toISOString() });
    await billgraph.settled();
    const [first, late] = await one.rows(
      'extract(epoch from stripe_at)::float8 * 1000 as at, stripe_value::float8 as value',
    );
    expect([first.value, late.value]).toEqual([5, 50]);
    expect(first.at).toBeGreaterThanOrEqual(startOfMonth);
    expect(late.at).toBeLessThan(startOfMonth);
  });

  it('what is voided years later is seen as a failure, and holds up nothing', async () => {
    const one = await rig.someone('LAST');
    const [event] = await one.uses({ value: '5', timestamp: ago(day) });
    await billgraph.settled();
    for (const [table, columns] of Object.entries({
      usage_event: ['occurred_at'],
      usage_hour: ['hour', 'last_at'],
      usage_forwarding: ['occurred_at', 'stripe_at'],
    }))
      await rig.sql(
        `update ${table} set ${columns.map((column) => `${column} = ${column} - interval '4 years'`)} where customer_id = $1`,
        [one.customer.id],
      );
    await rig.voidUsage({ event: { id: event }, reason: 'a test' });
    await one.uses({ value: '7', timestamp: ago(minute) });
    await expect.poll(one.states, patience).toEqual(['COUNTED', 'FAILED', 'COUNTED']);
    const [failure] = (await rig.health()).failures.nodes.slice(-1);
    expect(failure).toMatchObject({ usageEventId: event, code: 'timestamp_too_far_in_past' });
    await billgraph.settled();
  });
});

describe('what cannot be sent yet', () => {
  it.each([
    ['the customer is not in Stripe', 'customer', 'stripe_customer_id'],
    ['the meter is not in Stripe', 'meter', 'stripe_meter_id'],
    ['the account is disconnected', 'stripe_connection', 'sealed_secret_key'],
  ] as const)('waits without a lane while %s, and is woken once that is over', async (_, table, column) => {
    const other = await createTenant(billgraph);
    const { someone, sql } = forwardingOf(billgraph, other);
    const one = await someone();
    await one.uses({ value: '5', timestamp: ago(minute) });
    await billgraph.settled();
    // As if Stripe had not been asked when that came between.
    await sql(
      `update usage_forwarding set state = 'PENDING', stripe_identifier = null, stripe_at = null, stripe_value = null
       where customer_id = $1`,
      [one.customer.id],
    );
    const id = { customer: one.customer.id, meter: one.meter.id, stripe_connection: other.connectionId }[table];
    const [{ known }] = await sql(`select ${column} as known from ${table} where id = $1`, [id]);
    const set = (value: string | null) => sql(`update ${table} set ${column} = $2 where id = $1`, [id, value]);
    const lanes = () => sql(`select from lane where key like 'forward-usage/%'`);
    const wake = () => wakeWaitingUsage(billgraph.app.orm.em.fork());
    await set(null);
    await wake();
    expect(await lanes()).toEqual([]);
    await set(known);
    await wake();
    await billgraph.settled();
    expect([await one.states(), await lanes()]).toEqual([['COUNTED'], []]);
  });
});

it('a meter that is renamed in Stripe is renamed here', async () => {
  const { meter } = await rig.someone();
  await tenant.stripe.billing.meters.update(meter.stripeMeterId, { display_name: 'Renamed there' });
  await billgraph.settled();
  const { data } = await ask(
    billgraph,
    tenant.apiKey,
    `{ meter(by: { id: "${meter.id}" }) { displayName archivedAt } }`,
  );
  expect(data.meter).toEqual({ displayName: 'Renamed there', archivedAt: null });
});

/** `CUSTOMERS=50 EVENTS=5000` measures it; each event is of a second of its own, so that none goes with another. */
const customers = Number(process.env.CUSTOMERS ?? 3);
const events = Number(process.env.EVENTS ?? 60);

it(`${events} events of ${customers} customers, all at once`, { timeout: 300_000 }, async () => {
  const meter = await rig.newMeter();
  const ids: string[] = [];
  for (let n = 0; n < customers; n++) ids.push((await rig.newCustomer()).id);
  await billgraph.settled();
  const all = Array.from({ length: events }, (_, n) => ({
    meter: meter.id,
    customerId: ids[n % customers],
    value: '0.5',
    timestamp: ago(minute + Math.floor(n / customers) * 1_000),
  }));
  const begin = performance.now();
  for (let n = 0; n < events; n += 1_000) await rig.report(all.slice(n, n + 1_000));
  const reported = performance.now();
  await billgraph.settled();
  const [{ count, sent }] = await rig.sql(
    `select count(*)::int as count, count(distinct stripe_identifier)::int as sent from usage_forwarding
     where meter_id = $1 and state = 'COUNTED'`,
    [meter.id],
  );
  expect(count).toBe(events);
  const rate = (since: number) => Math.round(events / ((performance.now() - since) / 1_000));
  const told = `${sent} calls for ${events} events: ${rate(begin)} a second from the report on, ${rate(reported)} after it`;
  if (process.env.EVENTS) process.stdout.write(`${told}\n`);
});
