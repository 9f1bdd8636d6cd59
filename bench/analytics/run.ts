import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeSnapshots } from '../../src/analytics/history/take-snapshots.ts';
import { createApp } from '../../src/app.ts';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts';
import { createApiKey } from '../../src/identity/access/create-api-key.ts';
import { newId } from '../../src/ids.ts';
import { type Limits, limitClasses } from '../../src/limits/limit-classes.ts';
import { createLog } from '../../src/log.ts';
import { createSealer } from '../../src/sealing/sealing.ts';
import { StripeConnection } from '../../src/tenancy/connections/stripe-connection.entity.ts';
import { Project } from '../../src/tenancy/teams/project.entity.ts';
import { Team } from '../../src/tenancy/teams/team.entity.ts';
import { customers, fill, subscriptions } from './fill.ts';
import { askerOf, type Line, measureQuestions } from './measure.ts';

/** See ../README.md. */
const busyBefore = loadavg()[0]!;
const directory = await mkdtemp(join(tmpdir(), 'billgraph-bench-'));
await chmod(directory, 0o755);
const postgres = await startEmbeddedPostgres(directory, { durable: true });
const stop = async () => {
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop().finally(() => process.exit(1)));
await measure(postgres.url).finally(stop);

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
    const { secret } = await createApiKey({ em }, { ...owner, scopes: ['analytics:read', 'analytics:write'] });
    const movements = await fill(databaseUrl, { projectId: project.id, connectionId });
    const begun = performance.now();
    await takeSnapshots({ em: app.orm.em.fork() }, { projectId: project.id, environment: 'TEST' });
    const seconds = (performance.now() - begun) / 1_000;
    await report({ movements, seconds }, await measureQuestions(askerOf(url, secret)));
  } finally {
    await app.close();
  }
}

async function report(filled: { movements: number; seconds: number }, lines: Line[]): Promise<void> {
  const conditions = `${customers} customers, ${subscriptions} subscriptions, ${filled.movements} movements of three years in three currencies. The snapshots of all days took ${filled.seconds.toFixed(1)} s. Node ${process.version}, ${cpus().length} processors for server, PostgreSQL and load together; load of the machine ${busyBefore.toFixed(1)} before the start, ${loadavg()[0]!.toFixed(1)} at the end.`;
  const table = lines.map(({ what, p50, p95 }) => `| ${what} | ${p50.toFixed(1)} | ${p95.toFixed(1)} |`);
  const text = `${conditions}\n\n| what | p50 ms | p95 ms |\n| --- | --- | --- |\n${table.join('\n')}\n`;
  process.stdout.write(text);
  if (process.env.RESULTS) await writeFile(process.env.RESULTS, `# analytics\n\n${text}`);
}
