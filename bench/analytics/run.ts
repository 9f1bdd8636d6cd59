import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { takeSnapshots } from '../../src/analytics/snapshots/take-snapshots.ts';
import { onOwnServer } from '../on-own-server.ts';
import { customers, fill, subscriptions } from './fill.ts';
import { askerOf, type Line, measureQuestions } from './measure.ts';

/** See ../README.md. */
const busyBefore = loadavg()[0]!;
await onOwnServer(
  ['analytics:read', 'analytics:write'],
  async ({ app, databaseUrl, url, secret, projectId, connectionId }) => {
    const movements = await fill(databaseUrl, { projectId, connectionId });
    const begun = performance.now();
    await takeSnapshots({ em: app.orm.em.fork() }, { projectId, environment: 'TEST' });
    const seconds = (performance.now() - begun) / 1_000;
    await report({ movements, seconds }, await measureQuestions(askerOf(url, secret)));
  },
);

async function report(filled: { movements: number; seconds: number }, lines: Line[]): Promise<void> {
  const conditions = `${customers} customers, ${subscriptions} subscriptions, ${filled.movements} movements of three years in three currencies. The snapshots of all days took ${filled.seconds.toFixed(1)} s. Node ${process.version}, ${cpus().length} processors for server, PostgreSQL and load together; load of the machine ${busyBefore.toFixed(1)} before the start, ${loadavg()[0]!.toFixed(1)} at the end.`;
  const table = lines.map(({ what, p50, p95 }) => `| ${what} | ${p50.toFixed(1)} | ${p95.toFixed(1)} |`);
  const text = `${conditions}\n\n| what | p50 ms | p95 ms |\n| --- | --- | --- |\n${table.join('\n')}\n`;
  process.stdout.write(text);
  if (process.env.RESULTS) await writeFile(process.env.RESULTS, `# analytics\n\n${text}`);
}
