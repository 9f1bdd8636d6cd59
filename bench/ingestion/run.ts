import { cpus, loadavg } from 'node:os';
import { measureBeside } from './beside.ts';
import { measureDrain } from './drain.ts';
import { type Line, report } from './report.ts';
import { withSetting } from './setting.ts';
import { measureSteady } from './steady.ts';

const rounds = Number(process.env.ROUNDS ?? 3);
const seconds = Number(process.env.SECONDS ?? 20);
const rate = 500;

/** In milliseconds. On a machine that is so busy, nothing that is measured means anything. */
const patience = 6 * 60_000;
const lastRound = 90_000;

// Whoever started us may be killed with a shell between us: the processes that we started end with us, PostgreSQL too.
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(1), 250).unref();
setTimeout(() => {
  process.stderr.write(`Not finished after ${patience / 60_000} minutes: the machine is too busy.\n`);
  process.exit(1);
}, patience).unref();

const busyBefore = loadavg()[0]!;
await withSetting(async (setting) => {
  const lines: Line[] = [];
  for (const measure of [
    () => measureSteady(setting, { rate, seconds }),
    () => measureDrain(setting),
    () => measureBeside(setting, { rounds, until: patience - lastRound }),
  ]) {
    lines.push(...(await measure()));
    process.stderr.write(`${(performance.now() / 1_000).toFixed(0)} s: ${lines.length} lines\n`);
  }
  const conditions = [
    `Events of 3.5 kB, PostgreSQL with fsync. Node ${process.version}, ${cpus().length} processors for server, worker, PostgreSQL and sender together;`,
    `the machine's load before the start was ${busyBefore.toFixed(1)}.`,
    `As fast as it goes: 1,000 objects × 5 events, rounds interleaved, medians. The peer applies before it answers.`,
    `A backlog's seconds count the worker's start. ${setting.stripe.asked} objects had to be fetched.`,
  ].join(' ');
  await report(conditions, lines);
});
