import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withScratchDatabase } from '../../src/database/scratch-database.ts';
import { buildServer } from '../rig/build-server.ts';
import { soak } from './soak.ts';

/**
 * The long soak: `npm run soak`. By the environment: SEED, CLIENTS, CUSTOMERS, SECONDS, PER_SECOND (changes) and BY_WEBHOOK (of a hundred). Ends with 1
 * where a client missed something, memory grew, or a push took longer than WITHIN (milliseconds) at the 99th percentile.
 */
const number = (name: string, fallback: number) => Number(process.env[name] || fallback);
const seed = number('SEED', Date.now() % 2 ** 31);
const within = number('WITHIN', 1_000);

process.stdout.write(`SEED=${seed}\n`);
const directory = join(import.meta.dirname, '../../dist', `soak-${process.pid}`);
await buildServer(directory);
const { violations, counts, samples, took } = await withScratchDatabase((databaseUrl) =>
  soak({
    seed,
    databaseUrl,
    main: join(directory, 'src/main.js'),
    clients: number('CLIENTS', 1_000),
    customers: number('CUSTOMERS', 250),
    seconds: number('SECONDS', 300),
    changesPerSecond: number('PER_SECOND', 20),
    byWebhook: number('BY_WEBHOOK', 10),
  }),
).finally(() => rm(directory, { recursive: true, force: true }));

for (const [name, value] of Object.entries(counts)) process.stdout.write(`${name.padEnd(28)} ${value}\n`);
for (const { second, megabytes, open } of samples)
  process.stdout.write(`${`after ${second} s`.padEnd(28)} ${megabytes.join(' and ')} MB, ${open} clients\n`);
const late = Object.entries(took).flatMap(([how, milliseconds]) => {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  const line = `${sorted.length} pushes, median ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}, most ${sorted.at(-1)} ms`;
  process.stdout.write(`${`from ${how} to push`.padEnd(28)} ${line}\n`);
  return (at(0.99) ?? 0) > within ? [`late: p99 from ${how} to push is ${at(0.99)} ms, not ${within}`] : [];
});
const faults = [...violations, ...late];
for (const fault of faults.slice(0, 30)) process.stdout.write(`${fault}\n`);
process.stdout.write(`${faults.length} violations, SEED=${seed}\n`);
process.exitCode = faults.length ? 1 : 0;
