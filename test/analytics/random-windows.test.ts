import Fraction from 'fraction.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { takeSnapshots } from '../../src/analytics/snapshots/take-snapshots.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { ask } from '../rig/graph.ts';
import { type Life, type Moment, writeLives } from '../rig/revenue.ts';
import { createRandom } from '../storm/random.ts';

/**
 * Whichever snapshots there are, and whatever was written down after they were made: each window's analytics are those of the movements.
 * `RUNS=100 SEED=1 npx vitest run test/analytics/random-windows.test.ts` asks for as many windows.
 */
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const runs = Number(process.env.RUNS ?? 12);
const { below, pick, chance } = createRandom(seed);
const oneDay = 86_400_000;
const midnight = Date.now() - (Date.now() % oneDay);
const days = 40;
const statuses = ['ACTIVE', 'ACTIVE', 'TRIALING', 'PAST_DUE', 'UNPAID', 'CANCELED'];
const zero = new Fraction(0);

let billgraph: Billgraph;
let tenant: TestTenant;
const lives: Life[] = [];
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

/** Often at midnight exactly: the border of a day. */
const instant = () => new Date(midnight - below(days) * oneDay - (chance(0.2) ? 0 : below(oneDay)));

function randomLife(): Life {
  const moments: Moment[] = [];
  for (const at of Array.from({ length: 1 + below(6) }, instant).toSorted((a, b) => Number(a) - Number(b))) {
    const status = pick(statuses);
    const amount = `${1 + below(9_000)}/${pick([1, 3, 12])}`;
    const moment = { at, status, mrr: '0', trialMrr: '0' };
    if (['ACTIVE', 'PAST_DUE'].includes(status)) moment.mrr = chance(0.9) ? amount : '0';
    if (status === 'TRIALING') moment.trialMrr = amount;
    const last = moments.at(-1);
    if (last?.status !== status || last.mrr !== moment.mrr) moments.push(moment);
    if (status === 'CANCELED') break;
  }
  return { customer: `c${below(30)}`, currency: pick(['USD', 'USD', 'EUR', 'JPY']), moments };
}

const write = async (count: number, isLate: boolean) => {
  const more = Array.from({ length: count }, randomLife);
  const ids = await writeLives(billgraph, tenant, more);
  if (isLate)
    await asOwner(
      billgraph.databaseUrl,
      'update revenue_movement set recorded_at = now() where subscription_id = any($1)',
      [ids],
    );
  lives.push(...more);
};

type Stood = { life: Life; moment: Moment | undefined };
const stoodAt = (at: Date): Stood[] =>
  lives.map((life) => ({ life, moment: life.moments.findLast((moment) => moment.at < at) }));
const sum = (of: Stood[], name: 'mrr' | 'trialMrr') =>
  of.reduce((all, { moment }) => all.add(moment?.[name] ?? 0), new Fraction(0));
const people = (of: Stood[]) => new Set(of.map(({ life }) => life.customer)).size;
const pays = ({ moment }: Stood) => moment !== undefined && moment.mrr !== '0';
const isActive = ({ moment }: Stood) => ['ACTIVE', 'PAST_DUE'].includes(moment?.status ?? '');

/** What a window's answer is to be, from the lives alone. */
function expected({ from, to }: { from: Date; to: Date }, trials: boolean) {
  const [start, end] = [stoodAt(from), stoodAt(to)];
  const counts = (one: Stood) => pays(one) || (trials && one.moment?.status === 'TRIALING');
  const currencies = new Set(end.filter(({ moment }) => moment).map(({ life }) => life.currency));
  const active = start.filter(isActive);
  const canceled = active.filter(({ life }) =>
    life.moments.some(({ at, status }) => at >= from && at < to && status === 'CANCELED'),
  );
  return {
    payingCustomerCount: { value: people(end.filter(counts)) },
    activeSubscriptionCount: { value: end.filter(isActive).length },
    churnRate: { numerator: String(canceled.length), denominator: String(active.length) },
    subscriptions: ['TRIALING', 'CANCELED', 'UNPAID'].map((status) => ({
      status,
      count: { value: end.filter(({ moment }) => moment?.status === status).length },
    })),
    amounts: [...currencies].sort().map((currency) => {
      const of = (stood: Stood[]) => stood.filter(({ life }) => life.currency === currency);
      const [mrr, trial] = [sum(of(end), 'mrr'), sum(of(end), 'trialMrr')];
      return {
        currency,
        mrr: { exact: (trials ? mrr.add(trial) : mrr).toFraction() },
        trialMrr: { exact: trial.toFraction() },
        mrrAtStart: { exact: sum(of(start), 'mrr').toFraction() },
        payingCustomerCount: { value: people(of(end).filter(counts)) },
        change: changesIn(currency, { from, to }),
      };
    }),
  };
}

function changesIn(currency: string, { from, to }: { from: Date; to: Date }) {
  const changes = { new: zero, expansion: zero, contraction: zero, churn: zero, reactivation: zero };
  for (const { moments } of lives.filter((life) => life.currency === currency))
    for (const [at, moment] of moments.entries()) {
      if (moment.at < from || moment.at >= to) continue;
      const before = new Fraction(moments[at - 1]?.mrr ?? 0);
      const change = new Fraction(moment.mrr).sub(before);
      const ever = moments.slice(0, at).some(({ mrr }) => mrr !== '0');
      const ended = moment.mrr === '0' ? 'churn' : change.compare(0) > 0 ? 'expansion' : 'contraction';
      const kind = before.equals(0) ? (ever ? 'reactivation' : 'new') : ended;
      changes[kind] = changes[kind].add(change);
    }
  return Object.fromEntries(Object.entries(changes).map(([kind, change]) => [kind, { exact: change.toFraction() }]));
}

const exact = '{ exact }';
const question = `query ($window: AnalyticsWindow!, $trials: Boolean!) {
  analytics(window: $window, includeTrials: $trials) {
    payingCustomerCount { value } activeSubscriptionCount { value } churnRate { numerator denominator }
    subscriptions { status count { value } }
    amounts { currency mrr ${exact} trialMrr ${exact} mrrAtStart ${exact} payingCustomerCount { value }
      change { new ${exact} expansion ${exact} contraction ${exact} churn ${exact} reactivation ${exact} } } }
  mrrMovements(window: $window, interval: WEEK) { currency start ${exact} end ${exact} } }`;

async function askFor(window: { from: Date; to: Date }, trials: boolean) {
  const { data, errors } = await ask(billgraph, tenant.apiKey, question, { window, trials });
  expect(errors).toBeUndefined();
  const wanted = ['TRIALING', 'CANCELED', 'UNPAID'];
  const subscriptions = wanted.map((one) => data.analytics.subscriptions.find(({ status }: any) => status === one));
  return { analytics: { ...data.analytics, subscriptions }, movements: data.mrrMovements };
}

it(`${runs} windows are what the movements come to, before and after snapshots and late movements, with SEED=${seed}`, {
  timeout: 30_000 + runs * 1_000,
}, async () => {
  const side = { projectId: tenant.projectId, environment: tenant.environment };
  const snapshots = () => takeSnapshots({ em: billgraph.app.orm.em.fork() }, side);
  const steps = [
    () => write(25, false),
    snapshots,
    () => write(5, true),
    snapshots,
    () => asOwner(billgraph.databaseUrl, 'delete from analytics_snapshot where day > current_date - 9'),
    () => write(3, true),
  ];
  for (const [at, step] of steps.entries()) {
    await step();
    for (let run = 0; run < runs / steps.length; run++) {
      const [from, to] = [instant(), instant()].toSorted((a, b) => Number(a) - Number(b)) as [Date, Date];
      if (chance(0.2)) to.setTime(midnight + below(3 * oneDay));
      if (chance(0.1)) for (const [at, end] of [from, to].entries()) end.setTime(Date.parse('0001-01-01') + at);
      if (from >= to) continue;
      const trials = chance(0.5);
      const answer = await askFor({ from, to }, trials);
      expect({ at, from, to, ...answer.analytics }).toEqual({ at, from, to, ...expected({ from, to }, trials) });
      const { amounts } = expected({ from, to }, false);
      expect(answer.movements).toEqual(
        amounts.map(({ currency, mrrAtStart, mrr }) => ({ currency, start: mrrAtStart, end: mrr })),
      );
    }
  }
});
