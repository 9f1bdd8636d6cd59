import { newId } from '../../src/ids.ts';
import { customerId, customers, meterId, meters } from './fill.ts';

/** Of each kind. */
const questions = Number(process.env.QUESTIONS ?? 300);
const batches = 40;
const batch = 1_000;

type Answer = { data?: { usage?: unknown; reportUsage?: { rejected: number } }; errors?: unknown };
export type Ask = (query: string, variables: object) => Promise<number>;
export type Line = { what: string; p50: number; p95: number; perSecond?: number };

/** Answers the milliseconds that an answer took. */
export function askerOf(url: string, key: string): Ask {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  return async (query, variables) => {
    const body = JSON.stringify({ query, variables });
    const begun = performance.now();
    const response = await fetch(url, { method: 'POST', headers, body });
    const { data, errors } = (await response.json()) as Answer;
    const ms = performance.now() - begun;
    if (errors || data?.usage === null || data?.reportUsage?.rejected)
      throw new Error(JSON.stringify({ data, errors }));
    return ms;
  };
}

const inPeriod = `query ($customer: CustomerBy!, $meter: MeterBy!, $groupBy: UsageGrouping) {
  usage(customer: $customer, meter: $meter, groupBy: $groupBy) { value events buckets { value } } }`;

/** The current billing period, by one connection: of the customer with a tenth of all events, and of the others. */
export async function measureQuestions(ask: Ask): Promise<Line[]> {
  const lines: Line[] = [];
  const whose = { 'the largest customer': () => 0, 'any other': () => 1 + Math.floor(Math.random() * (customers - 1)) };
  for (const [who, customer] of Object.entries(whose))
    for (const groupBy of [null, 'DAY'])
      for (const [n, meter] of meters.entries()) {
        const asking = () =>
          ask(inPeriod, { customer: { id: customerId(customer()) }, meter: { id: meterId(n) }, groupBy });
        for (let warm = 0; warm < 20; warm++) await asking();
        const times: number[] = [];
        for (let turn = 0; turn < questions; turn++) times.push(await asking());
        lines.push({ what: `usage, ${meter}${groupBy ? ' by day' : ''}, ${who}`, ...quantiles(times) });
      }
  return lines;
}

const reporting = 'mutation ($input: ReportUsageInput!) { reportUsage(input: $input) { recorded rejected } }';

/** Batches of 1,000 events of all customers and of the last day, by so many connections. */
export async function measureReports(ask: Ask): Promise<Line[]> {
  const lines: Line[] = [];
  for (const connections of [1, 4]) {
    const one = () => ask(reporting, { input: { events: Array.from({ length: batch }, newEvent) } });
    await one();
    const times: number[] = [];
    const begun = performance.now();
    const send = async () => {
      while (times.length < batches) times.push(await one());
    };
    await Promise.all(Array.from({ length: connections }, send));
    const perSecond = (times.length * batch * 1_000) / (performance.now() - begun);
    lines.push({ what: `reportUsage, ${batch} events, ${connections} at once`, ...quantiles(times), perSecond });
  }
  return lines;
}

function newEvent() {
  const meter = Math.floor(Math.random() * meters.length);
  const values = ['SUM', 'MAX', 'LAST'].includes(meters[meter]!) ? { value: '1.5' } : {};
  return {
    meter: meterId(meter),
    customerId: customerId(Math.floor(Math.random() * customers)),
    ...(meters[meter] === 'UNIQUE_COUNT' ? { uniqueValue: `user_${Math.floor(Math.random() * 5_000)}` } : values),
    timestamp: new Date(Date.now() - Math.random() * 86_400_000).toISOString(),
    identifier: newId('ue'),
  };
}

function quantiles(times: number[]) {
  const sorted = times.toSorted((a, b) => a - b);
  return { p50: sorted[Math.floor(sorted.length / 2)]!, p95: sorted[Math.floor(sorted.length * 0.95)]! };
}
