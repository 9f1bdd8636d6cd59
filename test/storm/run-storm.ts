import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildServer } from '../rig/build-server.ts';
import type { Comebacks } from './misfortunes.ts';
import { raiseStorm } from './raise-storm.ts';

/**
 * The long storm: `npm run storm`. By the environment: SEED, DELIVERIES, PER_SECOND, KILLS, CRASHES, and BACK_WITHIN, in
 * milliseconds. Ends with 1 where anything was lost, doubled or stale, or a server was not back in time.
 */
const number = (name: string, fallback: number) => Number(process.env[name] || fallback);
const seed = number('SEED', Date.now() % 2 ** 31);
const backWithin = number('BACK_WITHIN', 2_000);

process.stdout.write(`SEED=${seed}\n`);
const directory = join(import.meta.dirname, '../../dist', `storm-${process.pid}`);
await buildServer(directory);
const { violations, counts, comebacks } = await raiseStorm({
  seed,
  main: join(directory, 'src/main.js'),
  deliveries: number('DELIVERIES', 20_000),
  perSecond: number('PER_SECOND', 350),
  kills: number('KILLS', 12),
  crashes: number('CRASHES', 2),
  size: { customers: 400, products: 40, prices: 80, subscriptions: 900, invoices: 900, payments: 400, methods: 200 },
}).finally(() => rm(directory, { recursive: true, force: true }));
for (const [name, value] of Object.entries(counts))
  process.stdout.write(`${name.padEnd(40)} ${typeof value === 'object' ? JSON.stringify(value) : value}\n`);
const names: Record<keyof Comebacks, string> = {
  afterKill: 'back after kill -9, ms',
  afterCrash: 'back after PostgreSQL took connections',
  postgres: 'PostgreSQL itself, ms after its crash',
};
for (const [name, title] of Object.entries(names))
  process.stdout.write(`${title.padEnd(40)} ${distributionOf(comebacks[name as keyof Comebacks])}\n`);

const late = [...comebacks.afterKill, ...comebacks.afterCrash].filter((took) => took > backWithin);
const faults = [...violations, ...late.map((took) => `late: a server was back after ${took} ms, not ${backWithin}`)];
for (const fault of faults.slice(0, 30)) process.stdout.write(`${fault}\n`);
process.stdout.write(`${faults.length} violations, SEED=${seed}\n`);
process.exitCode = faults.length ? 1 : 0;

function distributionOf(took: number[]): string {
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return `${sorted.length} times, median ${at(0.5)}, p90 ${at(0.9)}, most ${sorted.at(-1)}`;
}
