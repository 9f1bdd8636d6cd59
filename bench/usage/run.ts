import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { fill } from './fill.ts';
import { askerOf, type Line, measureQuestions, measureReports } from './measure.ts';

/** See ../README.md. */
const events = Number(process.env.EVENTS ?? 10_000_000);

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
    const { secret } = await createApiKey({ em }, { ...owner, scopes: ['usage:read', 'usage:write'] });
    const filled = await fill(databaseUrl, { projectId: project.id, connectionId, events });
    const ask = askerOf(url, secret);
    const lines = [...(await measureQuestions(ask)), ...(await measureReports(ask))];
    await report(filled, lines);
  } finally {
    await app.close();
  }
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
