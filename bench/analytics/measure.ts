/** Of each kind. */
const questions = Number(process.env.QUESTIONS ?? 100);

type Answer = { data?: unknown; errors?: unknown };
export type Ask = (query: string) => Promise<number>;
export type Line = { what: string; p50: number; p95: number };

/** Answers the milliseconds that an answer took. */
export function askerOf(url: string, key: string): Ask {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  return async (query) => {
    const begun = performance.now();
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
    const { data, errors } = (await response.json()) as Answer;
    const ms = performance.now() - begun;
    if (errors || !data) throw new Error(JSON.stringify(errors));
    return ms;
  };
}

const metric = '{ value { amount currency } exact definition asOf }';
const change = `{ new ${metric} expansion ${metric} contraction ${metric} churn ${metric} reactivation ${metric} net ${metric} }`;
const count = '{ value definition asOf }';
const rate = '{ value numerator denominator definition asOf }';
const snapshot = `from asOf customerCount ${count} payingCustomerCount ${count} activeSubscriptionCount ${count} churnRate ${rate}
  subscriptions { status count ${count} } customerGrowth { definition asOf days { day created deleted total } }
  amounts { currency mrr ${metric} arr ${metric} trialMrr ${metric} arpa ${metric} payingCustomerCount ${count}
    grossRevenueChurnRate ${rate} netRevenueChurnRate ${rate} mrrAtStart ${metric} change ${change} }`;
const money = '{ value { amount } exact }';
const point = `from to isRunning mrr ${money} arr ${money} trialMrr ${money} payingCustomerCount { value } payingSubscriptionCount { value } change { net ${money} }`;

const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString();
const asked: Record<string, string> = {
  'analytics, the last 30 days, every field': `{ analytics { ${snapshot} } }`,
  'analytics, the last 400 days': `{ analytics(window: { days: 400 }) { ${snapshot} } }`,
  'analytics, 30 days a year ago': `{ analytics(window: { from: "${day(395)}", to: "${day(365)}" }) { ${snapshot} } }`,
  'analytics with trials counted in': `{ analytics(includeTrials: true) { ${snapshot} } }`,
  'analyticsHistory of a year by month': `{ analyticsHistory(from: "${day(364).slice(0, 10)}", to: "${day(0).slice(0, 10)}", interval: MONTH) { currency points { ${point} } } }`,
  'analyticsHistory of a year by day, one currency': `{ analyticsHistory(from: "${day(364).slice(0, 10)}", to: "${day(0).slice(0, 10)}", currency: "USD") { currency points { from mrr { value { amount } } } } }`,
  'analyticsHistory of a year by day, three currencies, every field': `{ analyticsHistory(from: "${day(364).slice(0, 10)}", to: "${day(0).slice(0, 10)}") { currency points { ${point} } } }`,
  'analyticsHistory of a year by day, converted to one currency': `{ analyticsHistory(from: "${day(364).slice(0, 10)}", to: "${day(0).slice(0, 10)}", convertTo: "USD") { currency points { ${point} } } }`,
  'mrrMovements of a year by month': `{ mrrMovements(window: { days: 365 }, interval: MONTH) { currency start ${money} end ${money} intervals { from to change ${change} } } }`,
  'mrrContributors, a page of 100': `{ mrrContributors(currency: "USD", first: 100) { nodes { subscriptionId mrr { exact } movements { type exact occurredAt } } } }`,
};

/** Each one alone, by one connection. */
export async function measureQuestions(ask: Ask): Promise<Line[]> {
  for (const from of ['EUR', 'GBP'])
    await ask(
      `mutation { setExchangeRate(input: { from: "${from}", to: "USD", day: "2020-01-01", rate: "1.08" }) { __typename } }`,
    );
  const lines: Line[] = [];
  for (const [what, query] of Object.entries(asked)) {
    for (let warm = 0; warm < 10; warm++) await ask(query);
    const times: number[] = [];
    for (let turn = 0; turn < questions; turn++) times.push(await ask(query));
    const sorted = times.toSorted((a, b) => a - b);
    lines.push({ what, p50: sorted[Math.floor(questions / 2)]!, p95: sorted[Math.floor(questions * 0.95)]! });
  }
  return lines;
}
