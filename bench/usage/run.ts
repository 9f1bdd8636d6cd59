import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { onOwnServer } from '../on-own-server.ts';
import { fill } from './fill.ts';
import { askerOf, type Line, measureQuestions, measureReports } from './measure.ts';

/** See ../README.md. */
const events = Number(process.env.EVENTS ?? 10_000_000);

await onOwnServer(['usage:read', 'usage:write'], async ({ databaseUrl, url, secret, projectId, connectionId }) => {
  const filled = await fill(databaseUrl, { projectId, connectionId, events });
  const ask = askerOf(url, secret);
  await report(filled, [...(await measureQuestions(ask)), ...(await measureReports(ask))]);
});

async function report(filled: Awaited<ReturnType<typeof fill>>, lines: Line[]): Promise<void> {
  const conditions = `${filled.events} events stored (${filled.size}), ${filled.hours} hours, ${filled.values} values of hours. Filled in ${filled.seconds.events.toFixed(0)} s, added to their hours in ${filled.seconds.hours.toFixed(0)} s. Node ${process.version}, ${cpus().length} processors for server, PostgreSQL and load together; load of the machine ${loadavg()[0]!.toFixed(1)}.`;
  const table = lines.map(({ what, p50, p95, perSecond }) =>
    [what, p50.toFixed(1), p95.toFixed(1), perSecond?.toFixed(0) ?? ''].join(' | '),
  );
  const text = `${conditions}\n\n| what | p50 ms | p95 ms | events/s |\n| --- | --- | --- | --- |\n${table.map((row) => `| ${row} |`).join('\n')}\n`;
  process.stdout.write(text);
  if (process.env.RESULTS) await writeFile(process.env.RESULTS, `# usage\n\n${text}`);
}
