import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type Stripe from 'stripe';
import { type App, createApp } from '../../src/app.ts';
import type { AppOptions } from '../../src/app-options.ts';
import type { Environment } from '../../src/environment.ts';
import { createApiKey } from '../../src/identity/access/create-api-key.ts';
import { type KeyScope, keyScopes } from '../../src/identity/access/scopes.ts';
import { newId } from '../../src/ids.ts';
import { type Limits, limitClasses } from '../../src/limits/limit-classes.ts';
import { createLog } from '../../src/log.ts';
import { type SandboxOptions, startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { connectStripe } from '../../src/tenancy/connections/connect-stripe.ts';
import { ProjectSettings } from '../../src/tenancy/projects/project-settings.entity.ts';
import { Project } from '../../src/tenancy/teams/project.entity.ts';
import { Team } from '../../src/tenancy/teams/team.entity.ts';
import { ensureWebhookEndpoint } from '../../src/tenancy/webhook-endpoints/ensure-webhook-endpoint.ts';
import type { Tenant } from '../../src/tenant.ts';
import { createDatabase } from './database.ts';
import { watchOutstanding } from './outstanding.ts';

export type Billgraph = {
  /** The server's address. */
  url: string;
  databaseUrl: string;
  app: App;
  sandbox: Awaited<ReturnType<typeof startSandbox>>;
  /** Every line that was logged, as it left the process. */
  logged: string[];
  /**
   * Resolves when Stripe has delivered all it has to tell, and the worker has done all it was told; also what a fault of the sandbox
   * holds back for seconds.
   */
  settled(): Promise<void>;
  close(): Promise<void>;
};

/** Where browsers reach it, as far as it knows: its own pages have this origin. */
export const testPublicUrl = 'http://billgraph.test';

/** No test is held up by rate limits but their own. */
const roomy = Object.fromEntries(Object.keys(limitClasses).map((name) => [name, 1_000_000])) as Limits;

/** A server with its worker, its own database and its own Stripe, on loopback. */
export async function startBillgraph(
  options: Partial<AppOptions> = {},
  ofSandbox: Pick<SandboxOptions, 'liveKeys'> = {},
): Promise<Billgraph> {
  const database = await createDatabase();
  const logged: string[] = [];
  const log = createLog('info', (line) => logged.push(line));
  const sandbox = await startSandbox({ databaseUrl: database.url, ...ofSandbox });
  const app = await createApp({
    databaseUrl: database.url,
    databasePoolSize: 10,
    encryptionKeys: [randomBytes(32)],
    stripeApiUrl: sandbox.url,
    stripeReadsPerSecond: { TEST: 10_000, LIVE: 10_000 },
    corsOrigins: options.corsOrigins ?? [],
    publicUrl: testPublicUrl,
    trustedOrigins: [],
    openIntrospection: true,
    allowPrivateAddresses: false,
    worker: true,
    schedules: false,
    rateLimits: roomy,
    log,
    ...options,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const outstanding = watchOutstanding(database.url);
  return {
    url,
    databaseUrl: database.url,
    app,
    sandbox,
    logged,
    async settled() {
      do {
        await sandbox.idle();
        await app.worker?.idle();
      } while ((await outstanding.isAny()) && (await sleep(10, true)));
    },
    async close() {
      await app.close();
      await sandbox.close();
      await outstanding.close();
      await database.drop();
    },
  };
}

/** Another process on the same database and Stripe, without a worker, inside this one. */
export async function startAnother(
  { databaseUrl, sandbox }: Billgraph,
  options: Partial<AppOptions>,
): Promise<{ url: string; app: App; logged: string[]; close(): Promise<void> }> {
  const logged: string[] = [];
  const app = await createApp({
    databaseUrl,
    databasePoolSize: 5,
    encryptionKeys: [randomBytes(32)],
    stripeApiUrl: sandbox.url,
    stripeReadsPerSecond: { TEST: 10_000, LIVE: 10_000 },
    corsOrigins: options.corsOrigins ?? [],
    publicUrl: testPublicUrl,
    trustedOrigins: [],
    openIntrospection: true,
    allowPrivateAddresses: false,
    worker: false,
    rateLimits: roomy,
    log: createLog('info', (line) => logged.push(line)),
    ...options,
  });
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }), app, logged, close: () => app.close() };
}

export type TestTenant = Tenant & {
  stripe: Stripe;
  /** A key with every scope. */
  apiKey: string;
  /** A key with these scopes, or otherwise out of the ordinary. */
  newApiKey(options: { scopes?: KeyScope[]; expiresAt?: Date; projectIds?: string[] }): Promise<string>;
};

/** A team with a project and a Stripe account of its own, in TEST unless it is said otherwise, whose webhooks arrive. */
export async function createTenant(
  { app, url, sandbox }: Billgraph,
  of: { teamId?: string; environment?: Environment } = {},
): Promise<TestTenant> {
  const { environment = 'TEST' } = of;
  const em = app.orm.em.fork();
  const team = of.teamId ? em.getReference(Team, of.teamId) : em.create(Team, { id: newId('team'), name: 'Acme' });
  const project = em.create(Project, { id: newId('prj'), name: 'Acme App', team });
  const redirectOrigins = ['https://app.example.com', 'https://example.com'];
  em.create(ProjectSettings, { projectId: project.id, environment, redirectOrigins });
  await em.flush();
  const { id: teamId } = team;
  if (!of.teamId) {
    const secretKey = `sk_${environment.toLowerCase()}_51${randomBytes(24).toString('hex')}`;
    const tools = { em, sealer: app.sealer, apiUrl: sandbox.url };
    const connection = await connectStripe(tools, { teamId, environment, secretKey });
    const { stripe } = (await app.connections.byId(connection.id))!;
    await ensureWebhookEndpoint(
      { stripe, sealer: app.sealer, write: (work) => em.transactional(work) },
      connection,
      url,
    );
    app.connections.forget(connection.id);
  }
  const { id: connectionId, stripe } = (await app.connections.of(teamId, environment))!;
  const newApiKey: TestTenant['newApiKey'] = async (options) => {
    const input = {
      teamId,
      projectIds: [project.id],
      environment,
      name: 'Test',
      scopes: keyScopes,
      ...options,
    };
    return (await createApiKey({ em: app.orm.em.fork() }, input)).secret;
  };
  return {
    teamId,
    projectId: project.id,
    environment,
    connectionId,
    stripe,
    apiKey: await newApiKey({}),
    newApiKey,
  };
}
