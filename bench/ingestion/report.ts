import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

type Cell = number | string;

/** Milliseconds, events a second, and microseconds of processor time for each event. */
export type Line = {
  what: string;
  contender: string;
  acks?: Cell;
  ack50?: Cell;
  ack99?: Cell;
  late99?: Cell;
  applied?: Cell;
  seconds?: Cell;
  lag50?: Cell;
  lag99?: Cell;
  cpu: { server: Cell | null; worker: Cell | null; postgres: Cell };
};

const head = [
  'what',
  'contender',
  'acks/s',
  'ack p50 ms',
  'ack p99 ms',
  'sent late p99 ms',
  'applied/s',
  'seconds',
  'lag p50 ms',
  'lag p99 ms',
  'server µs',
  'worker µs',
  'PG µs',
];

const results = join(import.meta.dirname, '../../../results');

/** Prints one table and what it says of the goals, and writes both. */
export async function report(conditions: string, lines: Line[]): Promise<void> {
  const rows = lines.map((line) => [
    line.what,
    line.contender,
    ...[line.acks, line.ack50, line.ack99, line.late99, line.applied, line.seconds, line.lag50, line.lag99].map(print),
    ...[line.cpu.server, line.cpu.worker, line.cpu.postgres].map(print),
  ]);
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const goals = goalsOf(lines);
  const text = `# Ingestion\n\n${conditions}\n\n${table}\n\n${goals.map((goal) => `- ${goal}`).join('\n')}\n`;
  process.stdout.write(text);
  await mkdir(results, { recursive: true });
  await writeFile(join(results, 'ingestion.md'), text);
  await writeFile(join(results, 'ingestion.json'), `${JSON.stringify({ conditions, lines, goals }, null, 1)}\n`);
}

function print(cell: Cell | null | undefined): string {
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'string' ? cell : cell.toFixed(cell < 100 ? 1 : 0);
}

function goalsOf(lines: Line[]): string[] {
  const steady = lines.filter(({ late99 }) => late99 !== undefined);
  const longest = Math.max(...lines.map(({ seconds }) => Number(seconds ?? 0)));
  const goals = steady.flatMap(({ what, contender, ack99, lag99 }) => [
    goal(`${what}, ${contender}: acknowledged, p99`, Number(ack99), 100, 'ms'),
    goal(`${what}, ${contender}: applied after, p99`, Number(lag99), 2_000, 'ms'),
  ]);
  return [...goals, goal('backlog of 10,000 worked', longest, 60, 's')];
}

const goal = (what: string, is: number, atMost: number, unit: string) =>
  `${what}: ${is.toFixed(is < 100 ? 1 : 0)} ${unit}, at most ${atMost} wanted: ${is <= atMost ? 'reached' : 'not reached'}`;
