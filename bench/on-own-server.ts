import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../src/app.ts';
import { startEmbeddedPostgres } from '../src/database/embedded-postgres.ts';
import { createApiKey } from '../src/identity/access/create-api-key.ts';
import type { KeyScope } from '../src/identity/access/scopes.ts';
import { newId } from '../src/ids.ts';
import { type Limits, limitClasses } from '../src/limits/limit-classes.ts';
import { createLog } from '../src/log.ts';
import { createSealer } from '../src/sealing/sealing.ts';
import { StripeConnection } from '../src/tenancy/connections/stripe-connection.entity.ts';
import { Project } from '../src/tenancy/teams/project.entity.ts';
import { Team } from '../src/tenancy/teams/team.entity.ts';
import { benchOptions } from './app-options.ts';

/** What a measurement of one project asks, and fills. */
export type OwnServer = {
  app: Awaited<ReturnType<typeof createApp>>;
  databaseUrl: string;
  /** Of the graph. */
  url: string;
  projectId: string;
  connectionId: string;
  /** A key of the project's TEST environment. */
  secret: string;
};

/**
 * Measures with the product in this process, on a PostgreSQL of its own that keeps its promises, without a worker and with limits that nobody
 * reaches. Both are stopped, and the data is removed, however it ends.
 */
export async function onOwnServer(scopes: KeyScope[], measure: (server: OwnServer) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'billgraph-bench-'));
  await chmod(directory, 0o755);
  const postgres = await startEmbeddedPostgres(directory, { durable: true });
  const stop = async () => {
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stop().finally(() => process.exit(1)));
  await withApp(postgres.url, scopes, measure).finally(stop);
}

async function withApp(databaseUrl: string, scopes: KeyScope[], measure: (server: OwnServer) => Promise<void>) {
  const encryptionKeys = [randomBytes(32)];
  const app = await createApp({
    ...benchOptions,
    databaseUrl,
    encryptionKeys,
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
    const { secret } = await createApiKey({ em }, { ...owner, scopes });
    await measure({ app, databaseUrl, url, projectId: project.id, connectionId, secret });
  } finally {
    await app.close();
  }
}
