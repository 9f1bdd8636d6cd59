import Fraction from 'fraction.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wakeSnapshots } from '../../src/analytics/snapshots/snapshot-lanes.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { type Life, writeLives } from '../rig/revenue.ts';
import { createRandom } from '../storm/random.ts';

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const { below, pick } = createRandom(seed);
const oneDay = 86_400_000;
/** So that no test meets midnight: an hour that is over, of the day on which it begins. */
const midnight = Date.now() - (Date.now() % oneDay);
const dayOf = (ago: number) => new Date(midnight - ago * oneDay).toISOString().slice(0, 10);
const days = 60;

let billgraph: Billgraph;
let tenant: TestTenant;
const lives: Life[] = [];
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  for (let n = 0; n < 40; n++) lives.push(randomLife());
  await writeLives(billgraph, tenant, lives);
});
afterAll(() => billgraph.close());

function randomLife(): Life {
  const instants = Array.from({ length: 1 + below(5) }, () => new Date(midnight - 1 - below(days * oneDay)));
  const moments = instants
    .toSorted((a, b) => Number(a) - Number(b))
    .map((at, n) => {
      const status = pick(n ? ['ACTIVE', 'ACTIVE', 'PAST_DUE', 'UNPAID', 'CANCELED'] : ['ACTIVE', 'TRIALING']);
      const amount = `${1 + below(9_000)}/${pick([1, 3, 12])}`;
      const pays = ['ACTIVE', 'PAST_DUE'].includes(status);
      return { at, status, mrr: pays ? amount : '0', trialMrr: status === 'TRIALING' ? amount : '0' };
    });
  return { customer: `c${below(25)}`, currency: pick(['USD', 'EUR']), moments };
}

const standing = (at: Date, currency: string) => {
  const stood = lives
    .filter((life) => life.currency === currency)
    .map((life) => ({ life, ...life.moments.findLast((moment) => moment.at < at) }));
  const paying = stood.filter(({ mrr = '0' }) => mrr !== '0');
  const sum = (of: 'mrr' | 'trialMrr') =>
    stood.reduce((all, one) => all.add(one[of] ?? 0), new Fraction(0)).toFraction();
  return {
    mrr: { exact: sum('mrr') },
    trialMrr: { exact: sum('trialMrr') },
    payingCustomerCount: { value: new Set(paying.map(({ life }) => life.customer)).size },
    payingSubscriptionCount: { value: paying.length },
  };
};

const question = `query ($from: String!, $to: String!, $interval: AnalyticsInterval! = DAY, $currency: CurrencyCode, $convertTo: CurrencyCode) {
  analyticsHistory(from: $from, to: $to, interval: $interval, currency: $currency, convertTo: $convertTo) { currency computedAt exchangeRates { from to day rate } points { from to isRunning
    mrr { exact value { amount } } arr { exact } trialMrr { exact } payingCustomerCount { value } payingSubscriptionCount { value }
    change { net { exact value { amount } } } } } }`;
const asked = (variables: object, credential: string | null = tenant.apiKey) =>
  ask(billgraph, credential, question, { from: dayOf(days), to: dayOf(0), ...variables });
const history = async (variables: object = {}) => {
  const { data, errors } = await asked(variables);
  expect(errors).toBeUndefined();
  return data.analyticsHistory as any[];
};
const pointsOf = (all: any[]) => all.map(({ currency, points }) => [currency, points.slice(0, -1)]);
const recompute = (input: object, credential: string | null = tenant.apiKey) =>
  ask(
    billgraph,
    credential,
    `mutation ($input: RecomputeAnalyticsInput!) { recomputeAnalytics(input: $input) { days differing { day currency mrrBefore mrrAfter } } }`,
    { input: { from: dayOf(days), to: dayOf(1), ...input } },
  );
const sql = (text: string) => asOwner(billgraph.databaseUrl, text);
const rows = () =>
  sql('select (to_jsonb(s) - $$computed_at$$) as row from analytics_snapshot s order by day, currency');
const takeSnapshots = async () => {
  await wakeSnapshots(billgraph.app.orm.em.fork());
  await billgraph.settled();
};
const expectTrue = (all: any[]) => {
  for (const { currency, points } of all)
    for (const { to, isRunning, ...point } of points)
      expect([currency, to, point]).toMatchObject([currency, to, standing(new Date(to), currency)]);
};

describe(`a history, with SEED=${seed}`, () => {
  it('is made of movements before there are snapshots, and the same of snapshots', async () => {
    const before = await history();
    expect(before.map(({ currency, computedAt }) => [currency, computedAt])).toEqual([
      ['EUR', null],
      ['USD', null],
    ]);
    expectTrue(before);
    expect(await rows()).toEqual([]);
    await takeSnapshots();
    const stored = await rows();
    expect(stored.length).toBeGreaterThan(days);
    expect(stored.map(({ row }) => row.day).filter((day) => day >= dayOf(0))).toEqual([]);
    const after = await history();
    expect(after[0].computedAt).not.toBeNull();
    expectTrue(after);
    expect(pointsOf(after)).toEqual(pointsOf(before));
    const { points } = after[0];
    expect(points.at(-1)).toMatchObject({ from: `${dayOf(0)}T00:00:00.000Z`, isRunning: true });
    expect(points.filter(({ isRunning }: any) => isRunning)).toHaveLength(1);
  });

  it('adds up, by days, weeks and months', async () => {
    for (const interval of ['DAY', 'WEEK', 'MONTH']) {
      const all = await history({ from: dayOf(40), interval });
      expectTrue(all);
      for (const { currency, points } of all) {
        const start = new Fraction(standing(new Date(`${dayOf(40)}T00:00:00Z`), currency).mrr.exact);
        const net = points.reduce((sum: Fraction, { change }: any) => sum.add(change.net.exact), new Fraction(0));
        expect(start.add(net).toFraction()).toBe(points.at(-1).mrr.exact);
        for (const [at, point] of points.slice(1).entries())
          expect(Number(point.mrr.value.amount) - Number(points[at].mrr.value.amount)).toBe(
            Number(point.change.net.value.amount),
          );
      }
    }
    expect(await history({ currency: 'CHF', from: dayOf(1) })).toMatchObject([
      { currency: 'CHF', points: [{ mrr: { exact: '0' } }, { mrr: { exact: '0' } }] },
    ]);
  });

  it('knows at once what happens today, and days that were missed when the clock rings again', async () => {
    const before = await rows();
    await sql(`delete from analytics_snapshot where day >= '${dayOf(3)}'`);
    const today = {
      customer: 'c1',
      currency: 'USD',
      moments: [{ at: new Date(midnight), status: 'ACTIVE', mrr: '1000/3' }],
    };
    await writeLives(billgraph, tenant, [today]);
    lives.push(today);
    expectTrue(await history());
    // Days that no snapshot is near to.
    expectTrue(await history({ from: dayOf(1) }));
    expectTrue(await history({ from: dayOf(20), to: dayOf(10) }));
    expect(await history({ from: '0001-01-01', to: '0001-01-02' })).toEqual([]);
    expect(await history({ from: dayOf(90), to: dayOf(89) })).toEqual([]);
    await takeSnapshots();
    expect(await rows()).toEqual(before);
    expectTrue(await history());
  });

  it('takes in what was written down late, and all that follows of it', async () => {
    const late = {
      customer: 'c2',
      currency: 'GBP',
      moments: [{ at: new Date(midnight - 20.5 * oneDay), status: 'ACTIVE', mrr: '700/3' }],
    };
    const [id] = await writeLives(billgraph, tenant, [late]);
    await sql(`update revenue_movement set recorded_at = now() where subscription_id = '${id}'`);
    lives.push(late);
    expectTrue(await history());
    await takeSnapshots();
    const all = await history();
    expect(all.map(({ currency }) => currency)).toEqual(['EUR', 'GBP', 'USD']);
    expectTrue(all);
    await takeSnapshots();
    expectTrue(await history());
  });
});

describe('in one currency', () => {
  const setRate = async (from: string, to: string, ago: number, rate: string) => {
    const document = 'mutation ($input: SetExchangeRateInput!) { setExchangeRate(input: $input) { __typename } }';
    const { errors } = await ask(billgraph, tenant.apiKey, document, { input: { from, to, day: dayOf(ago), rate } });
    expect(errors).toBeUndefined();
  };

  it('is one history, by the rates of the day on which it ends', async () => {
    expect(refusalsOf(await asked({ convertTo: 'USD' }))).toEqual([{ code: 'BAD_USER_INPUT', field: 'convertTo' }]);
    await setRate('EUR', 'USD', 40, '1.5');
    await setRate('EUR', 'USD', 2, '1.25');
    await setRate('EUR', 'USD', -1, '7');
    await setRate('GBP', 'USD', 30, '1.3');
    const worth = { USD: '1', EUR: '1.25', GBP: '1.3' };
    const [one, ...others] = await history({ convertTo: 'USD' });
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      currency: 'USD',
      exchangeRates: [
        { from: 'EUR', to: 'USD', day: dayOf(2), rate: '1.25' },
        { from: 'GBP', to: 'USD', day: dayOf(30), rate: '1.3' },
      ],
    });
    let before: Fraction | undefined;
    for (const { to, change, ...point } of one.points) {
      const all = Object.entries(worth).map(([currency, rate]) => ({ ...standing(new Date(to), currency), rate }));
      const sum = (of: 'mrr' | 'trialMrr') =>
        all.reduce((total, { rate, ...stood }) => total.add(new Fraction(stood[of].exact).mul(rate)), new Fraction(0));
      const payers = lives.filter(
        ({ moments }) => (moments.findLast(({ at }) => at < new Date(to))?.mrr ?? '0') !== '0',
      );
      expect([to, point]).toMatchObject([
        to,
        {
          mrr: { exact: sum('mrr').toFraction() },
          arr: { exact: sum('mrr').mul(12).toFraction() },
          trialMrr: { exact: sum('trialMrr').toFraction() },
          payingCustomerCount: { value: new Set(payers.map(({ customer }) => customer)).size },
          payingSubscriptionCount: { value: payers.length },
        },
      ]);
      if (before) expect(change.net.exact).toBe(sum('mrr').sub(before).toFraction());
      before = sum('mrr');
    }
  });

  it('of one alone, with the rate of an earlier end; nothing needs no rate', async () => {
    const [euro] = await history({ convertTo: 'USD', currency: 'EUR', from: dayOf(20), to: dayOf(10) });
    expect(euro.exchangeRates).toEqual([{ from: 'EUR', to: 'USD', day: dayOf(40), rate: '1.5' }]);
    for (const { to, mrr, payingCustomerCount } of euro.points) {
      const stood = standing(new Date(to), 'EUR');
      expect(mrr.exact).toBe(new Fraction(stood.mrr.exact).mul('1.5').toFraction());
      expect(payingCustomerCount).toEqual(stood.payingCustomerCount);
    }
    const dollars = { currency: 'USD', from: dayOf(20), to: dayOf(10) };
    const [same] = await history({ ...dollars, convertTo: 'USD' });
    expect([same]).toEqual(await history(dollars));
    const [none] = await history({ convertTo: 'CHF', from: dayOf(90), to: dayOf(89) });
    expect(none).toMatchObject({ currency: 'CHF', exchangeRates: [], points: [{ mrr: { exact: '0' } }, {}] });
  });
});

describe('recomputeAnalytics', () => {
  it('comes to the same numbers, and tells which days said something else', async () => {
    expect((await recompute({})).data.recomputeAnalytics.differing).toEqual([]);
    const before = await rows();
    await sql(
      `update analytics_snapshot set mrr = '1', paying_customers = 7 where day = '${dayOf(5)}' and currency = 'USD'`,
    );
    await sql(`delete from analytics_snapshot where day = '${dayOf(4)}' and currency = 'EUR'`);
    const exact = (ago: number, currency: string) =>
      standing(new Date(midnight - (ago - 1) * oneDay), currency).mrr.exact;
    expect((await recompute({ from: dayOf(9) })).data.recomputeAnalytics).toEqual({
      days: 9,
      differing: [
        { day: dayOf(5), currency: 'USD', mrrBefore: '1', mrrAfter: exact(5, 'USD') },
        { day: dayOf(4), currency: 'EUR', mrrBefore: null, mrrAfter: exact(4, 'EUR') },
      ],
    });
    expect(await rows()).toEqual(before);
  });

  it.each([
    [{ from: 'x' }, 'from'],
    [{ to: '2026-02-30' }, 'to'],
    [{ from: dayOf(1), to: dayOf(2) }, 'to'],
    [{ from: dayOf(0), to: dayOf(0) }, 'from'],
    [{ from: '0001-01-01' }, 'to'],
  ])('refuses %j', async (input, field) => {
    expect(refusalsOf(await recompute(input))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });
});

describe('analyticsHistory refuses', () => {
  it.each([
    [{ from: 'x' }, 'from'],
    [{ to: '20260101' }, 'to'],
    [{ from: dayOf(1), to: dayOf(2) }, 'to'],
    [{ from: dayOf(-2), to: dayOf(-3) }, 'from'],
    [{ from: dayOf(401) }, 'interval'],
    [{ from: '0001-01-01', interval: 'MONTH' }, 'to'],
  ])('%j', async (variables, field) => {
    expect(refusalsOf(await asked(variables))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });
});

describe('is not allowed', () => {
  it('without a credential or the scope; and another tenant sees nothing', async () => {
    const reader = await tenant.newApiKey({ scopes: ['analytics:read'] });
    const stranger = await tenant.newApiKey({ scopes: ['subscriptions:read', 'customer_tokens:write'] });
    expect(refusalsOf(await recompute({}, reader))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await recompute({}, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    expect(refusalsOf(await asked({}, stranger))).toEqual([{ code: 'FORBIDDEN' }]);
    const other = await createTenant(billgraph);
    expect((await asked({}, other.apiKey)).data.analyticsHistory).toEqual([]);
    expect((await recompute({}, other.apiKey)).data.recomputeAnalytics).toEqual({ days: 0, differing: [] });
  });
});
