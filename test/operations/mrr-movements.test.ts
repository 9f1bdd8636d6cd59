import Fraction from 'fraction.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { type Life, writeLives } from '../rig/revenue.ts';
import { createRandom } from '../storm/random.ts';

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const { below: random, pick } = createRandom(seed);
let billgraph: Billgraph;
let tenant: TestTenant;
let lives: Life[];
let ids: string[];
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  lives = Array.from({ length: 60 }, randomLife);
  ids = await writeLives(billgraph, tenant, lives);
});
afterAll(() => billgraph.close());

const begin = Date.UTC(2025, 10, 3);
const hour = 3_600_000;
/** Often at midnight, where intervals meet. */
const randomInstant = () => new Date(begin + (random(3) ? random(300 * 24) : 24 * random(300)) * hour);

/** A life of random changes in amounts whose thirds and sevenths do not come out even. */
function randomLife(): Life {
  const instants = Array.from({ length: 1 + random(6) }, randomInstant).sort((a, b) => Number(a) - Number(b));
  const moments = instants.map((at, n) => {
    const status = pick(n ? ['ACTIVE', 'ACTIVE', 'ACTIVE', 'PAST_DUE', 'UNPAID', 'CANCELED'] : ['ACTIVE', 'TRIALING']);
    const amount = `${1 + random(20_000)}/${pick([1, 1, 3, 7, 12])}`;
    const pays = ['ACTIVE', 'PAST_DUE'].includes(status);
    return { at, status, mrr: pays ? amount : '0', trialMrr: status === 'TRIALING' ? amount : '0' };
  });
  return { customer: `c${random(40)}`, currency: pick(['USD', 'USD', 'EUR']), moments };
}

/** What was true just before an instant. */
const momentOf = ({ moments }: Life, at: Date) => moments.findLast((moment) => moment.at < at);
const sumAt = (at: Date, currency: string, of: 'mrr' | 'trialMrr' = 'mrr') =>
  lives
    .filter((life) => life.currency === currency)
    .reduce((sum, life) => sum.add(momentOf(life, at)?.[of] ?? 0), new Fraction(0));

const metric = '{ value { amount } exact }';
const kinds = ['new', 'expansion', 'contraction', 'churn', 'reactivation'];
const question = `query ($window: AnalyticsWindow, $interval: AnalyticsInterval! = DAY, $currency: CurrencyCode) {
  mrrMovements(window: $window, interval: $interval, currency: $currency) { currency start ${metric} end ${metric}
    intervals { from to change { ${kinds.join(` ${metric} `)} ${metric} net ${metric} } } } }`;
const asked = (variables: object, credential: string | null = tenant.apiKey) =>
  ask(billgraph, credential, question, { ...variables });
const snapshot = `query ($window: AnalyticsWindow, $trials: Boolean! = false) { analytics(window: $window, includeTrials: $trials) {
  payingCustomerCount { value } activeSubscriptionCount { value } churnRate { numerator denominator }
  subscriptions { status count { value } }
  amounts { currency mrr ${metric} trialMrr ${metric} mrrAtStart ${metric} payingCustomerCount { value } change { net ${metric} } } } }`;
const contributors = `query ($currency: CurrencyCode!, $asOf: DateTime, $trials: Boolean! = false, $first: Int, $after: String, $last: Int, $before: String) {
  mrrContributors(currency: $currency, asOf: $asOf, trials: $trials, first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { hasNextPage hasPreviousPage endCursor startCursor }
    nodes { subscriptionId customerId status mrr ${metric} trialMrr { exact } movements { id type exact trialExact statusBefore statusAfter occurredAt } } } }`;
const answerOf = async (document: string, variables: object) => {
  const { data, errors } = await ask(billgraph, tenant.apiKey, document, { ...variables });
  expect(errors).toBeUndefined();
  return Object.values<any>(data)[0];
};
const amountOf = ({ value }: { value: { amount: string } }) => Number(value.amount);
const exactOf = (amounts: { exact: string }[]) =>
  amounts.reduce((sum, { exact }) => sum.add(exact), new Fraction(0)).toFraction();
const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);

it('lists a currency in which nothing is paid yet, as analytics does', async () => {
  const other = await createTenant(billgraph);
  const moments = [{ at: new Date(begin), status: 'TRIALING', mrr: '0', trialMrr: '900' }];
  await writeLives(billgraph, other, [{ customer: 'c', currency: 'CHF', moments }]);
  const window = { from: new Date(begin - hour), to: new Date(begin + hour) };
  const { data } = await asked({ window }, other.apiKey);
  expect(data.mrrMovements).toMatchObject([{ currency: 'CHF', start: { exact: '0' }, end: { exact: '0' } }]);
});

describe(`random lives, with SEED=${seed}`, () => {
  it('add up in any window and interval, exactly and as they are rounded, to the two snapshots at its ends', async () => {
    for (let turn = 0; turn < 12; turn++) {
      const [from, to] = [randomInstant(), randomInstant()].sort((a, b) => Number(a) - Number(b)) as [Date, Date];
      if (Number(from) === Number(to)) continue;
      const window = { from, to };
      const movements = await answerOf(question, { window, interval: pick(['DAY', 'WEEK', 'MONTH']) });
      const before = await answerOf(snapshot, { window: { from: new Date(begin - hour), to: from } });
      const { amounts } = await answerOf(snapshot, { window });
      for (const { currency, start, end, intervals } of movements) {
        const of = ({ amounts }: any) => amounts.find((one: any) => one.currency === currency);
        expect([start.exact, end.exact]).toEqual([from, to].map((at) => sumAt(at, currency).toFraction()));
        // Where the currency began within the window, nothing is said of it before.
        expect([start, end]).toEqual([of(before)?.mrr ?? { ...start, exact: '0' }, of({ amounts }).mrr]);
        expect(of({ amounts }).mrrAtStart).toEqual(start);
        expect(intervals[0].from).toBe(from.toISOString());
        expect(intervals.at(-1).to).toBe(to.toISOString());
        expect(sum(intervals.map(({ change }: any) => amountOf(change.net)))).toBe(amountOf(end) - amountOf(start));
        for (const { change } of intervals) {
          const parts = kinds.map((kind) => change[kind]);
          expect([sum(parts.map(amountOf)), exactOf(parts)]).toEqual([amountOf(change.net), change.net.exact]);
          for (const part of [...parts, change.net])
            expect(Math.abs(new Fraction(part.exact).sub(amountOf(part)).valueOf())).toBeLessThan(1);
          for (const kind of ['new', 'expansion', 'reactivation'])
            expect(amountOf(change[kind])).toBeGreaterThanOrEqual(0);
          for (const kind of ['contraction', 'churn']) expect(amountOf(change[kind])).toBeLessThanOrEqual(0);
        }
      }
    }
  });

  it('are counted at any instant as one counts them by hand', async () => {
    for (let turn = 0; turn < 12; turn++) {
      const [from, to] = [randomInstant(), new Date(begin + 301 * 24 * hour)] as const;
      const at = random(2) ? to : new Date(Number(from) + random(200 * 24) * hour + 1);
      const answer = await answerOf(snapshot, { window: { from, to: at } });
      const trying = await answerOf(snapshot, { window: { from, to: at }, trials: true });
      const [then, now] = [from, at].map((instant) => lives.map((life) => ({ life, ...momentOf(life, instant) })));
      const payers = (pays: (one: any) => boolean, currency?: string) =>
        new Set(
          now!
            .filter((one) => pays(one) && [undefined, one.life.currency].includes(currency))
            .map(({ life }) => life.customer),
        ).size;
      const pays = ({ mrr }: any) => mrr !== undefined && mrr !== '0';
      const active = ({ status }: { status?: string }) => status === 'ACTIVE' || status === 'PAST_DUE';
      expect(answer.payingCustomerCount.value).toBe(payers(pays));
      expect(trying.payingCustomerCount.value).toBe(payers((one) => pays(one) || one.status === 'TRIALING'));
      expect(answer.activeSubscriptionCount.value).toBe(now!.filter(active).length);
      for (const { status, count } of answer.subscriptions)
        expect([status, count.value]).toEqual([status, now!.filter((one) => one.status === status).length]);
      const stood = then!.filter(active);
      const left = stood.filter(({ life }) =>
        life.moments.some((moment) => moment.status === 'CANCELED' && moment.at >= from && moment.at < at),
      );
      expect(answer.churnRate).toEqual({ numerator: String(left.length), denominator: String(stood.length) });
      for (const { currency, mrr, trialMrr, payingCustomerCount } of answer.amounts) {
        expect(mrr.exact).toBe(sumAt(at, currency).toFraction());
        expect(trialMrr.exact).toBe(sumAt(at, currency, 'trialMrr').toFraction());
        expect(payingCustomerCount.value).toBe(payers(pays, currency));
        const tried = trying.amounts.find((one: any) => one.currency === currency);
        expect(tried.mrr.exact).toBe(
          sumAt(at, currency)
            .add(sumAt(at, currency, 'trialMrr'))
            .toFraction(),
        );
      }
    }
  });

  it('are listed with all that their parts follow from, page by page, and add up to the snapshot', async () => {
    for (let turn = 0; turn < 6; turn++) {
      const [asOf, currency, trials] = [randomInstant(), pick(['USD', 'EUR']), random(2) === 0];
      const nodes: any[] = [];
      let total = 0;
      for (let after: string | null = null, goesOn = true; goesOn; ) {
        const page: any = await answerOf(contributors, { currency, asOf, trials, first: 7, after });
        nodes.push(...page.nodes);
        total = page.totalCount;
        [after, goesOn] = [page.pageInfo.endCursor, page.pageInfo.hasNextPage];
      }
      const expected = lives.flatMap((life, at) => {
        const { mrr = '0', trialMrr = '0' } = momentOf(life, asOf) ?? {};
        const counts = life.currency === currency && (mrr !== '0' || (trials && trialMrr !== '0'));
        return counts ? [ids[at]!] : [];
      });
      expect(nodes.map(({ subscriptionId }) => subscriptionId)).toEqual(expected.sort());
      expect(total).toBe(nodes.length);
      expect(exactOf(nodes.map(({ mrr }) => mrr))).toBe(sumAt(asOf, currency).toFraction());
      if (trials)
        expect(exactOf(nodes.map(({ trialMrr }) => trialMrr))).toBe(sumAt(asOf, currency, 'trialMrr').toFraction());
      for (const { subscriptionId, status, mrr, trialMrr, movements } of nodes) {
        expect(exactOf(movements)).toBe(mrr.exact);
        expect(exactOf(movements.map(({ trialExact: exact }: any) => ({ exact })))).toBe(trialMrr.exact);
        expect(status).toBe(momentOf(lives[ids.indexOf(subscriptionId)]!, asOf)!.status);
        expect(movements[0].statusBefore).toBeNull();
      }
      const back: any = await answerOf(contributors, { currency, asOf, trials, last: 5 });
      expect(back.nodes).toEqual(nodes.slice(-5));
    }
  });
});

it('counts months of the first years as well, and what began and ended in them', async () => {
  const [{ intervals }] = await answerOf(question, {
    window: { from: '0099-12-15T00:00:00Z', to: '0100-02-02T00:00:00Z' },
    interval: 'MONTH',
    currency: 'USD',
  });
  const bounds = ['0099-12-15', '0100-01-01', '0100-02-01', '0100-02-02'].map((day) => `${day}T00:00:00.000Z`);
  expect(intervals.map(({ from }: any) => from)).toEqual(bounds.slice(0, -1));
  expect(intervals.map(({ to }: any) => to)).toEqual(bounds.slice(1));
});

it('lists no trial that is over, whatever thirds it was made of', async () => {
  const other = await createTenant(billgraph);
  const at = (day: number) => new Date(begin + day * 24 * hour);
  const tried = (day: number, trialMrr: string) => ({ at: at(day), status: 'TRIALING', mrr: '0', trialMrr });
  const over = { at: at(3), status: 'CANCELED', mrr: '0' };
  const [, kept] = await writeLives(billgraph, other, [
    { customer: 'over', currency: 'USD', moments: [tried(1, '25/3'), tried(2, '50/3'), over] },
    { customer: 'kept', currency: 'USD', moments: [tried(1, '25/3'), tried(2, '50/3'), tried(3, '1/1000000007')] },
  ]);
  const { data } = await ask(billgraph, other.apiKey, contributors, { currency: 'USD', trials: true });
  expect(data.mrrContributors).toMatchObject({ totalCount: 1, nodes: [{ subscriptionId: kept }] });
});

describe('mrrMovements refuses', () => {
  it('what is no window, and is not allowed without the scope', async () => {
    const reversed = { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' };
    expect(refusalsOf(await asked({ window: reversed }))).toEqual([{ code: 'BAD_USER_INPUT', field: 'window.to' }]);
    expect(refusalsOf(await asked({ currency: 'ZZZ' }))).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
    expect((await asked({ currency: 'CHF', window: { days: 2 }, interval: 'MONTH' })).data.mrrMovements).toMatchObject([
      { currency: 'CHF', start: { exact: '0' }, end: { exact: '0' } },
    ]);
    const without = await tenant.newApiKey({ scopes: ['subscriptions:read'] });
    expect(refusalsOf(await asked({}, without))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await asked({}, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
  });
});

describe('mrrContributors refuses', () => {
  it('what is no page or no currency; and is not allowed without the scope', async () => {
    const of = (variables: object, credential = tenant.apiKey) =>
      ask(billgraph, credential, contributors, { currency: 'USD', ...variables });
    for (const [page, field] of [
      [{ first: 0 }, 'first'],
      [{ first: 101 }, 'first'],
      [{ first: 1, last: 1 }, 'last'],
      [{ after: 'x' }, 'after'],
    ] as const)
      expect(refusalsOf(await of(page))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
    expect(refusalsOf(await of({ currency: 'ZZZ' }))).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
    const without = await tenant.newApiKey({ scopes: ['subscriptions:read'] });
    expect(refusalsOf(await of({}, without))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
