import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { writeLives } from '../rig/revenue.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  await writeLives(billgraph, tenant, [
    {
      customer: 'Ada',
      currency: 'USD',
      moments: [
        { at: day('2026-01-10'), status: 'ACTIVE', mrr: '2900' },
        { at: day('2026-02-10'), status: 'ACTIVE', mrr: '10000/3' },
        { at: day('2026-03-10'), status: 'PAST_DUE', mrr: '10000/3' },
      ],
    },
    { customer: 'Ada', currency: 'EUR', moments: [{ at: day('2026-02-15'), status: 'ACTIVE', mrr: '500/3' }] },
    {
      customer: 'Bob',
      currency: 'USD',
      moments: [
        { at: day('2026-01-20'), status: 'ACTIVE', mrr: '1000/3' },
        { at: day('2026-02-20'), status: 'CANCELED', mrr: '0' },
      ],
    },
    {
      customer: 'Eve',
      currency: 'USD',
      moments: [
        { at: day('2026-02-05'), status: 'TRIALING', mrr: '0', trialMrr: '5000' },
        { at: day('2026-02-19'), status: 'ACTIVE', mrr: '5000' },
        { at: day('2026-03-05'), status: 'ACTIVE', mrr: '4000' },
        { at: day('2026-03-06'), status: 'UNPAID', mrr: '0' },
        { at: day('2026-03-07'), status: 'ACTIVE', mrr: '4500' },
      ],
    },
    {
      customer: 'Tom',
      currency: 'JPY',
      moments: [{ at: day('2026-02-27'), status: 'TRIALING', mrr: '0', trialMrr: '1200' }],
    },
  ]);
});
afterAll(() => billgraph.close());

const day = (text: string) => new Date(`${text}T00:00:00Z`);
const february = { from: '2026-02-01T00:00:00.000Z', to: '2026-03-01T00:00:00.000Z' };
const money = '{ value { amount currency } exact }';
const change = `{ new ${money} expansion ${money} contraction ${money} churn ${money} reactivation ${money} net ${money} }`;
const rate = '{ value numerator denominator }';
const amounts = `{ currency mrr ${money} arr ${money} trialMrr ${money} arpa ${money} payingCustomerCount { value }
  grossRevenueChurnRate ${rate} netRevenueChurnRate ${rate} mrrAtStart ${money} change ${change} }`;
const question = `query ($window: AnalyticsWindow, $currency: CurrencyCode, $convertTo: CurrencyCode, $includeTrials: Boolean! = false) {
  analytics(window: $window, currency: $currency, convertTo: $convertTo, includeTrials: $includeTrials) {
    from asOf amounts ${amounts} converted ${amounts} exchangeRates { from to day rate }
    customerCount { value } payingCustomerCount { value } activeSubscriptionCount { value } churnRate ${rate}
    subscriptions { status count { value } } customerGrowth { days { day created deleted total } } } }`;
const asked = (variables: object = {}, credential: string | null = tenant.apiKey) =>
  ask(billgraph, credential, question, { ...variables });
const answered = async (variables: object = {}) => {
  const { data, errors } = await asked(variables);
  expect(errors).toBeUndefined();
  return data.analytics;
};
const usd = (amount: number, exact = String(amount)) => ({ value: { amount: String(amount), currency: 'USD' }, exact });

describe('answers', () => {
  it('revenue by currency at the end of the window, and what changed in it', async () => {
    const { from, asOf, amounts, converted } = await answered({ window: february });
    expect({ from, to: asOf }).toEqual(february);
    expect(converted).toBeNull();
    expect(amounts.map(({ currency }: { currency: string }) => currency)).toEqual(['EUR', 'JPY', 'USD']);
    expect(amounts[2]).toEqual({
      currency: 'USD',
      // 10000/3 + 5000
      mrr: usd(8333, '25000/3'),
      arr: usd(100_000),
      trialMrr: usd(0),
      arpa: usd(4167, '12500/3'),
      payingCustomerCount: { value: 2 },
      grossRevenueChurnRate: { value: '0.103093', numerator: '1000/3', denominator: '9700/3' },
      netRevenueChurnRate: { value: '-0.030928', numerator: '-100', denominator: '9700/3' },
      // 2900 + 1000/3
      mrrAtStart: usd(3233, '9700/3'),
      change: {
        new: usd(5000),
        expansion: usd(433, '1300/3'),
        contraction: usd(0),
        churn: usd(-333, '-1000/3'),
        reactivation: usd(0),
        net: usd(5100),
      },
    });
    expect(amounts[0].mrr).toEqual({ value: { amount: '167', currency: 'EUR' }, exact: '500/3' });
    expect(amounts[1]).toMatchObject({
      mrr: { value: { amount: '0' } },
      trialMrr: { value: { amount: '1200', currency: 'JPY' } },
      arpa: null,
      grossRevenueChurnRate: { value: null, numerator: '0', denominator: '0' },
    });
  });

  it('customers and subscriptions, every status, and growth by day', async () => {
    const answer = await answered({ window: february });
    expect(answer).toMatchObject({
      customerCount: { value: 4 },
      payingCustomerCount: { value: 2 },
      activeSubscriptionCount: { value: 3 },
      churnRate: { value: '0.5', numerator: '1', denominator: '2' },
    });
    const counts = answer.subscriptions.map(({ status, count }: any) => [status, count.value]);
    expect(Object.fromEntries(counts)).toEqual({
      INCOMPLETE: 0,
      INCOMPLETE_EXPIRED: 0,
      TRIALING: 1,
      ACTIVE: 3,
      PAST_DUE: 0,
      CANCELED: 1,
      UNPAID: 0,
      PAUSED: 0,
      UNKNOWN: 0,
    });
    const { days } = answer.customerGrowth;
    expect(days).toHaveLength(28);
    expect(days.filter(({ created }: any) => created)).toEqual([
      { day: '2026-02-05', created: 1, deleted: 0, total: 3 },
      { day: '2026-02-27', created: 1, deleted: 0, total: 4 },
    ]);
    expect(days[0]).toEqual({ day: '2026-02-01', created: 0, deleted: 0, total: 2 });
  });

  it('each instant: an end is no part of what it ends, a begin is', async () => {
    const until = (to: string) => answered({ window: { from: '2026-01-01T00:00:00Z', to }, currency: 'USD' });
    const [before, at] = [await until('2026-03-06T00:00:00Z'), await until('2026-03-06T00:00:00.001Z')];
    expect([before, at].map(({ amounts }) => amounts[0].mrr.exact)).toEqual(['22000/3', '10000/3']);
    const back = await answered({
      window: { from: '2026-03-06T00:00:00Z', to: '2026-03-08T00:00:00Z' },
      currency: 'USD',
    });
    expect(back.amounts[0].change).toMatchObject({ churn: usd(-4000), reactivation: usd(4500), net: usd(500) });
    const nothing = await answered({ window: { from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' } });
    expect(nothing.amounts).toEqual([]);
    expect(nothing).toMatchObject({ customerCount: { value: 0 }, payingCustomerCount: { value: 0 } });
    expect(nothing.churnRate.value).toBeNull();
    const old = await answered({ window: { from: '1969-12-30T12:00:00Z', to: '1970-01-01T12:00:00Z' } });
    const days = ['1969-12-30', '1969-12-31', '1970-01-01'];
    expect(old.customerGrowth.days.map(({ day }: any) => day)).toEqual(days);
  });

  it('the last 30 days where nothing is said, and now by `days`', async () => {
    const { from, asOf, amounts } = await answered();
    expect(Date.parse(asOf) - Date.parse(from)).toBe(30 * 86_400_000);
    expect(amounts[2].mrr.exact).toBe('23500/3');
    const days = await answered({ window: { days: 1 } });
    expect(Date.parse(days.asOf) - Date.parse(days.from)).toBe(86_400_000);
  });

  it('trials counted in, where that is asked for', async () => {
    const { amounts, payingCustomerCount } = await answered({ window: february, includeTrials: true });
    expect(amounts[1]).toMatchObject({
      mrr: { value: { amount: '1200' } },
      arr: { value: { amount: '14400' } },
      arpa: { value: { amount: '1200' } },
      payingCustomerCount: { value: 1 },
    });
    expect(payingCustomerCount.value).toBe(3);
    // In the middle of Eve's trial, whose end came later.
    const middle = { from: '2026-02-01T00:00:00Z', to: '2026-02-12T00:00:00Z' };
    const [tried, paid] = [await answered({ window: middle, includeTrials: true }), await answered({ window: middle })];
    // Nobody had a subscription in another currency yet.
    expect(tried.amounts).toMatchObject([{ mrr: { exact: '26000/3' }, payingCustomerCount: { value: 3 } }]);
    expect(paid.amounts).toMatchObject([{ mrr: { exact: '11000/3' }, payingCustomerCount: { value: 2 } }]);
  });

  it('one currency, with zeros where nobody pays in it', async () => {
    const { amounts } = await answered({ window: february, currency: 'CHF' });
    expect(amounts).toMatchObject([{ currency: 'CHF', mrr: { value: { amount: '0', currency: 'CHF' } }, arpa: null }]);
    expect((await answered({ window: february, currency: 'EUR' })).amounts).toHaveLength(1);
  });

  it('says of every number what it is, and of when', async () => {
    const said = '{ definition asOf }';
    const { data } = await ask(
      billgraph,
      tenant.apiKey,
      `{ analytics(window: { from: "${february.from}", to: "${february.to}" }) { customerCount ${said} churnRate ${said} customerGrowth ${said}
        subscriptions { count ${said} } amounts { mrr ${said} arr ${said} trialMrr ${said} arpa ${said} grossRevenueChurnRate ${said}
          mrrAtStart ${said} change { new ${said} net ${said} } } } }`,
    );
    const saids: { definition: string; asOf: string }[] = [];
    JSON.stringify(data, (_, value) => {
      if (value?.definition) saids.push(value);
      return value;
    });
    expect(saids.length).toBeGreaterThan(30);
    for (const { definition, asOf } of saids) {
      expect(definition).toMatch(/^[A-Z].{30,}\.$/s);
      expect([february.from, february.to]).toContain(asOf);
    }
  });
});

describe('statistics', () => {
  const statistics = `{ analytics { webhooks { received { value } processed { value } ignored { value } pending { value } failed { value }
    dead { value } unrouted { value } } referrals { applied { value } statuses { status count { value } }
    creditPaid { value { amount currency } } } } }`;

  it("tell how Stripe's events fared, and what became of referrals", async () => {
    const { stripe } = tenant;
    await stripe.customers.create({ metadata: { billgraph_project_id: tenant.projectId } });
    await stripe.customers.create();
    await billgraph.settled();
    const [{ received, applied, unrouted }] = await asOwner(
      billgraph.databaseUrl,
      `select count(*)::int as received, count(*) filter (where outcome = 'applied')::int as applied,
         count(*) filter (where outcome = 'unrouted')::int as unrouted from inbound_event where connection_id = '${tenant.connectionId}'`,
    );
    const [ada, bob] = await asOwner(
      billgraph.databaseUrl,
      `select id from customer where name in ('Ada', 'Bob') order by name`,
    );
    await asOwner(
      billgraph.databaseUrl,
      `set session_replication_role = replica;
       insert into ledger_entry (id, project_id, environment, transaction_id, key, kind, account, customer_id, amount, currency, reward_id, created_at)
       select 'led_' || n, '${tenant.projectId}', 'TEST', 'txn', 'payout/' || n, 'PAYOUT', 'STRIPE_BALANCE', '${bob.id}', amount, 'USD', 'rwd', now()
       from (values (1, -500), (2, -700), (3, 500)) of (n, amount)`,
    );
    const { data, errors } = await ask(billgraph, tenant.apiKey, statistics);
    expect(errors).toBeUndefined();
    const { webhooks, referrals } = data.analytics;
    expect(webhooks).toMatchObject({
      received: { value: received },
      processed: { value: applied },
      unrouted: { value: unrouted },
      pending: { value: 0 },
      failed: { value: 0 },
      dead: { value: 0 },
    });
    expect([applied > 0, unrouted > 0, ada.id !== bob.id]).toEqual([true, true, true]);
    const { received: all, ...parts } = Object.fromEntries(
      Object.entries<{ value: number }>(webhooks).map(([name, { value }]) => [name, value]),
    );
    expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(all);
    expect(referrals).toMatchObject({
      applied: { value: 0 },
      creditPaid: [{ value: { amount: '700', currency: 'USD' } }],
    });
    expect(referrals.statuses.map(({ status }: { status: string }) => status)).toEqual([
      'PENDING',
      'QUALIFIED',
      'CONVERTED',
      'REVERSED',
      'REJECTED',
    ]);
  });

  it('of webhooks are for who may see those of the whole team', async () => {
    const narrow = await tenant.newApiKey({ scopes: ['analytics:read'] });
    expect((await ask(billgraph, narrow, statistics)).data.analytics.webhooks).toBeNull();
  });
});

describe('converts', () => {
  const set = (from: string, to: string, on: string, rate: string) =>
    ask(
      billgraph,
      tenant.apiKey,
      'mutation ($input: SetExchangeRateInput!) { setExchangeRate(input: $input) { exchangeRate { id } } }',
      { input: { from, to, day: on, rate } },
    );

  it('by the latest rate that is not after the day, across decimals; and refuses where a pair has none', async () => {
    await set('EUR', 'USD', '2026-01-01', '1.5');
    await set('EUR', 'USD', '2026-03-02', '9');
    await set('USD', 'JPY', '2026-01-01', '150');
    expect(await asked({ window: february, convertTo: 'USD' })).toMatchObject({
      errors: [
        {
          message: expect.stringContaining('from JPY to USD for 2026-03-01'),
          extensions: { code: 'BAD_USER_INPUT', field: 'convertTo' },
        },
      ],
    });
    await set('JPY', 'USD', '2026-03-01', '0.01');
    const { converted, exchangeRates } = await answered({ window: february, convertTo: 'USD' });
    // 25000/3 cents + 500/3 × 1.5 cents; 1200 yen of trials at a cent each.
    expect(converted).toMatchObject({
      currency: 'USD',
      mrr: usd(8583, '25750/3'),
      trialMrr: usd(1200),
      payingCustomerCount: { value: 2 },
      arpa: usd(4292, '12875/3'),
      change: { new: usd(5250), net: usd(5350) },
    });
    expect(exchangeRates).toEqual([
      { from: 'EUR', to: 'USD', day: '2026-01-01', rate: '1.5' },
      { from: 'JPY', to: 'USD', day: '2026-03-01', rate: '0.01' },
    ]);
    const yen = await answered({ window: february, currency: 'USD', convertTo: 'JPY' });
    expect(yen.converted.mrr).toEqual({ value: { amount: '12500', currency: 'JPY' }, exact: '12500' });
  });

  it('nothing by nothing: zero needs no rate, and a currency is worth itself', async () => {
    const early = { from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' };
    const { converted, exchangeRates } = await answered({ window: early, convertTo: 'CHF' });
    expect([converted.mrr.exact, exchangeRates]).toEqual(['0', []]);
    const same = await answered({ window: february, currency: 'USD', convertTo: 'USD' });
    expect([same.converted.mrr, same.exchangeRates]).toEqual([same.amounts[0].mrr, []]);
  });
});

describe('refuses', () => {
  const at = (text: string) => `${text}T00:00:00Z`;
  it.each([
    [{ days: 0 }, 'window.days'],
    [{ days: -1 }, 'window.days'],
    [{ days: 401 }, 'window.days'],
    [{ days: 2_147_483_647 }, 'window.days'],
    [{ days: 1, from: at('2026-01-01') }, 'window.days'],
    [{ from: at('2026-01-01') }, 'window.to'],
    [{ to: at('2026-01-01') }, 'window.from'],
    [{ from: at('2026-01-02'), to: at('2026-01-01') }, 'window.to'],
    [{ from: at('2026-01-01'), to: at('2026-01-01') }, 'window.to'],
    [{ from: at('2025-01-01'), to: '2026-02-05T00:00:00.001Z' }, 'window.to'],
    [{ from: at('0001-01-01'), to: at('9999-12-31') }, 'window.to'],
  ])('%j', async (window, field) => {
    expect(refusalsOf(await asked({ window }))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });

  it.each(['USDD', 'usd', 'ZZZ', ''])('the currency %j', async (currency) => {
    for (const variables of [{ currency }, { convertTo: currency }])
      expect(refusalsOf(await asked(variables))).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
  });
});

describe('is not allowed', () => {
  it('without a credential or the scope, and a customer token never has it', async () => {
    const other = await tenant.newApiKey({ scopes: ['customers:read', 'customer_tokens:write', 'analytics:read'] });
    expect(refusalsOf(await asked({}, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const without = await tenant.newApiKey({ scopes: ['customers:read', 'subscriptions:read'] });
    expect(refusalsOf(await asked({}, without))).toEqual([{ code: 'FORBIDDEN' }]);
    const [{ id: customerId }] = await asOwner(billgraph.databaseUrl, `select id from customer where name = 'Ada'`);
    const mint = 'mutation ($input: CreateCustomerTokenInput!) { createCustomerToken(input: $input) { token } }';
    const minted = (scopes: string[]) => ask(billgraph, other, mint, { input: { customerId, scopes } });
    expect(refusalsOf(await minted(['analytics:read']))).toMatchObject([{ code: expect.any(String) }]);
    const { token } = (await minted(['customers:read'])).data.createCustomerToken;
    expect(refusalsOf(await asked({}, token))).toEqual([{ code: 'FORBIDDEN' }]);
  });

  it('to see another tenant', async () => {
    const other = await createTenant(billgraph);
    const { data } = await asked({ window: february }, other.apiKey);
    expect(data.analytics).toMatchObject({ amounts: [], customerCount: { value: 0 } });
  });
});
