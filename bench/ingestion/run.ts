import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { type Contender, startContender } from '../contender.ts';
import { untilApplied } from './applied.ts';
import { encryptionKey, prepare, secret, statement, withDurableDatabase } from './database.ts';
import { makeDeliveries } from './events.ts';
import { type Load, sendAtRate, sendByConnections } from './load.ts';
import { startStripe } from './stripe.ts';

const rounds = Number(process.env.ROUNDS ?? 3);
const seconds = Number(process.env.SECONDS ?? 20);
const rate = 500;
const results = join(import.meta.dirname, '../../../results');

type Cells = (string | number)[];
const stripe = await startStripe();
const variables = {
  ENCRYPTION_KEY: encryptionKey.toString('base64'),
  WEBHOOK_SECRET: secret,
  STRIPE_API_URL: stripe.url,
};

await withDurableDatabase(async (postgres) => {
  const url = await newDatabase(postgres, 'bench');
  const connectionId = await prepare(url);
  // The peer's migrations name it.
  await statement(postgres, 'create role postgres superuser');
  const peerUrl = await newDatabase(postgres, 'peer');
  const start = (worker: 'on' | 'off') => startContender('ingestion/billgraph', url, { ...variables, WORKER: worker });
  const hook = (contender: Contender) => `${contender.url}/webhooks/stripe/${connectionId}`;

  const steady: Cells[] = [];
  const drained: Cells[] = [];
  const compared: Cells[] = [];
  for (const where of ['in the same process', 'in its own process']) {
    const inSame = where === 'in the same process';
    const server = await start(inSame ? 'on' : 'off');
    const worker = inSame ? null : await start('on');
    await warmUp(hook(server), `warm${inSame}`);
    const name = `steady${inSame}`;
    const deliveries = makeDeliveries(secret, { name, many: (rate * seconds) / 4, each: 4 });
    const load = await sendAtRate(hook(server), deliveries, rate);
    const { lag50, lag99 } = await untilApplied(url, `sub_${name}`);
    process.stderr.write(`steady ${where}: ack p99 ${load.p99.toFixed(0)} ms, lag p99 ${lag99.toFixed(0)} ms\n`);
    steady.push([where, load.perSecond, load.p50, load.p99, lag50, lag99]);
    await Promise.all([server.stop(), worker?.stop()]);
  }

  for (const [objects, each] of [
    [10_000, 1],
    [2_000, 5],
  ] as const) {
    const server = await start('off');
    const name = `drain${objects}`;
    await sendByConnections(hook(server), makeDeliveries(secret, { name, many: objects, each }), 32);
    const from = Date.now();
    const worker = await start('on');
    const took = ((await untilApplied(url, `sub_${name}`)).lastAt - from) / 1_000;
    process.stderr.write(`drain ${objects}: ${took.toFixed(1)} s\n`);
    drained.push([`${objects} × ${each}`, took, (objects * each) / took]);
    await Promise.all([server.stop(), worker.stop()]);
  }

  const server = await start('on');
  const peer = await startContender('ingestion/supabase', peerUrl, variables);
  for (const connections of [16, 64]) {
    const ours: (Load & { applied: number; lag99: number })[] = [];
    const theirs: Load[] = [];
    await warmUp(hook(server), `ours${connections}`);
    await warmUp(hook(peer), `theirs${connections}`, false);
    for (let round = 0; round < rounds; round++) {
      const name = `round${connections}x${round}`;
      const deliveries = makeDeliveries(secret, { name, many: 1_000, each: 5 });
      const from = Date.now();
      const load = await sendByConnections(hook(server), deliveries, connections);
      const { lastAt, lag99 } = await untilApplied(url, `sub_${name}`);
      ours.push({ ...load, lag99, applied: deliveries.length / ((lastAt - from) / 1_000) });
      theirs.push(await sendByConnections(hook(peer), deliveries, connections));
    }
    const of = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
    const ratio = (field: 'perSecond' | 'applied' | 'p99') =>
      of(ours.map((one, n) => one[field] / theirs[n]![field === 'p99' ? 'p99' : 'perSecond']));
    const [acks, peers] = [of(ours.map((one) => one.perSecond)), of(theirs.map((one) => one.perSecond))];
    compared.push(
      [
        'Billgraph',
        connections,
        acks,
        of(ours.map((one) => one.applied)),
        of(ours.map((one) => one.p99)),
        of(ours.map((one) => one.lag99)),
      ],
      ['@supabase/stripe-sync-engine', connections, peers, peers, of(theirs.map((one) => one.p99)), '–'],
      [
        'ratio',
        connections,
        `${ratio('perSecond').toFixed(2)}×`,
        `${ratio('applied').toFixed(2)}×`,
        `${ratio('p99').toFixed(2)}×`,
        '',
      ],
    );
  }
  await Promise.all([server.stop(), peer.stop()]);
  stripe.close();
  await report(steady, drained, compared);

  async function warmUp(to: string, name: string, isOurs = true) {
    await sendByConnections(to, makeDeliveries(secret, { name, many: 500, each: 4 }), 16);
    if (isOurs) await untilApplied(url, `sub_${name}`);
  }
});

async function newDatabase(postgres: string, name: string): Promise<string> {
  await statement(postgres, `create database ${name}`);
  const url = new URL(postgres);
  url.pathname = `/${name}`;
  return url.href;
}

const table = (head: string[], lines: Cells[]) =>
  [head, head.map(() => '---'), ...lines.map((cells) => cells.map(print))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
const print = (cell: string | number) =>
  typeof cell === 'string' ? cell : cell.toFixed(cell < 100 ? 1 : 0).replace(/\.0$/, '');

async function report(steady: Cells[], drained: Cells[], compared: Cells[]) {
  const conditions = `Events of 3.5 kB, PostgreSQL with fsync. Node ${process.version}, ${cpus().length} processors for server, worker, PostgreSQL and sender together. ${stripe.asked} objects had to be fetched.`;
  const text = [
    `# Ingestion\n\n${conditions}`,
    `## ${rate} deliveries a second for ${seconds} s, at a steady rate`,
    table(['worker', 'taken/s', 'ack p50 ms', 'ack p99 ms', 'lag p50 ms', 'lag p99 ms'], steady),
    '## A backlog of 10,000 events, one worker',
    table(['objects × events', 'seconds, its start included', 'events/s'], drained),
    `## Side by side: 1,000 objects × 5 events, ${rounds} rounds, interleaved, medians`,
    table(['contender', 'connections', 'acks/s', 'applied/s', 'ack p99 ms', 'lag p99 ms'], compared),
  ].join('\n\n');
  process.stdout.write(`${text}\n`);
  await mkdir(results, { recursive: true });
  await writeFile(join(results, 'ingestion.md'), `${text}\n`);
}
