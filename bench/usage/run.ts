import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiKey } from '../../src/access/create-api-key.ts';
import { createApp } from '../../src/app.ts';
import { StripeConnection } from '../../src/connections/stripe-connection.entity.ts';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts';
import { newId } from '../../src/ids.ts';
import { type Limits, limitClasses } from '../../src/limits/limit-classes.ts';
import { createLog } from '../../src/log.ts';
import { createSealer } from '../../src/sealing/sealing.ts';
import { Project } from '../../src/teams/project.entity.ts';
import { Team } from '../../src/teams/team.entity.ts';
import { customerId, customers, fill, meterId, meters } from './fill.ts';

/** See ../README.md. */
const events = Number(process.env.EVENTS ?? 10_000_000);
const questions = 300;
const batches = 40;
const batch = 1_000;

const inPeriod = `query ($customer: CustomerBy!, $meter: MeterBy!, $groupBy: UsageGrouping) {
  usage(customer: $customer, meter: $meter, groupBy: $groupBy) { value events buckets { value } } }`;

const reporting = 'mutation ($input: ReportUsageInput!) { reportUsage(input: $input) { recorded rejected } }';

const directory = await mkdtemp(join(tmpdir(), 'billgraph-bench-'));
await chmod(directory, 0o755);
const postgres = await startEmbeddedPostgres(directory, { durable: true });
try {
  await measure(postgres.url);
} finally {
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}

async function measure(databaseUrl: string): Promise<void> {
  const encryptionKeys = [randomBytes(32)];
  const app = await createApp({
    databaseUrl,
    databasePoolSize: 10,
    encryptionKeys,
    stripeApiUrl: 'http://127.0.0.1:1',
    stripeReadsPerSecond: { TEST: 10_000, LIVE: 10_000 },
    corsOrigins: [],
    publicUrl: 'http://localhost:4000',
    trustedOrigins: [],
    openIntrospection: false,
    allowPrivateAddresses: false,
    worker: false,
    schedules: false,
    rateLimits: Object.fromEntries(Object.keys(limitClasses).map((name) => [name, 1e9])) as Limits,
    log: createLog('warn'),
  });
  try {
    const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/graphql`;
    const em = app.orm.em.fork();
    const team = em.create(Team, { id: newId('team'), name: 'Bench' });
    const project = em.create(Project, { id: newId('prj'), name: 'Bench', team });
    const connectionId = newId('conn');
    const sealer = createSealer(encryptionKeys);
    em.create(StripeConnection, {
      id: connectionId,
      team,
      environment: 'TEST',
      stripeAccountId: 'acct_bench',
      sealedSecretKey: sealer.seal('sk_test_bench', connectionId),
      sealedWebhookSecrets: [sealer.seal('whsec_bench', connectionId)],
    });
    await em.flush();
    const owner = { teamId: team.id, projectIds: [project.id], environment: 'TEST' as const, name: 'Bench' };
    const { secret } = await createApiKey({ em }, { ...owner, scopes: ['usage:read', 'usage:write'] });
    const filled = await fill(databaseUrl, { projectId: project.id, connectionId, events });
    const ask = askerOf(url, secret);
    const lines = [...(await measureQuestions(ask)), ...(await measureReports(ask))];
    await report(filled, lines);
  } finally {
    await app.close();
  }
}

type Answer = { data?: { usage?: unknown; reportUsage?: { rejected: number } }; errors?: unknown };
type Ask = (query: string, variables: object) => Promise<number>;
type Line = { what: string; p50: number; p95: number; perSecond?: number };

/** Answers the milliseconds that an answer took. */
function askerOf(url: string, key: string): Ask {
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

/** The current billing period, by one connection: of the customer with a tenth of all events, and of the others. */
async function measureQuestions(ask: Ask): Promise<Line[]> {
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

/** Batches of 1,000 events of all customers and of the last day, by so many connections. */
async function measureReports(ask: Ask): Promise<Line[]> {
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

async function report(filled: Awaited<ReturnType<typeof fill>>, lines: Line[]): Promise<void> {
  const conditions = `${filled.events} events stored (${filled.size}), ${filled.hours} hours, ${filled.values} values of hours. Filled in ${filled.seconds.events.toFixed(0)} s, added to their hours in ${filled.seconds.hours.toFixed(0)} s. Node ${process.version}, ${cpus().length} processors for server, PostgreSQL and load together; load of the machine ${loadavg()[0]!.toFixed(1)}.`;
  const table = lines.map(({ what, p50, p95, perSecond }) =>
    [what, p50.toFixed(1), p95.toFixed(1), perSecond?.toFixed(0) ?? ''].join(' | '),
  );
  const text = `${conditions}\n\n| what | p50 ms | p95 ms | events/s |\n| --- | --- | --- | --- |\n${table.map((row) => `| ${row} |`).join('\n')}\n`;
  process.stdout.write(text);
  if (process.env.RESULTS) await writeFile(process.env.RESULTS, `# usage\n\n${text}`);
}
