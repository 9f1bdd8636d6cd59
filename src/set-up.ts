import type { App } from './app.ts';
import type { Config } from './config.ts';
import { locks, withLock } from './database/with-lock.ts';
import { environments } from './environment.ts';
import { isKeyRefused, isStripeTrouble } from './stripe/stripe-trouble.ts';
import { ensureConnection } from './tenancy/connections/ensure-connection.ts';
import { ensureProject } from './tenancy/teams/ensure-project.ts';
import type { Project } from './tenancy/teams/project.entity.ts';

type Settings = Pick<Config, 'stripe' | 'stripeApiUrl' | 'publicUrl'> & { databaseUrl: string };

/**
 * What an installation needs before its first request: a team with a project, and the Stripe accounts whose keys are
 * configured, each with its webhook endpoint. What is there already stays. The server listens already: Stripe may deliver.
 * Processes that start together do it one after the other.
 */
export async function setUp(app: App, settings: Settings): Promise<Project> {
  return withLock(settings.databaseUrl, locks.setUp, async () => {
    const project = await ensureProject(app.orm.em.fork());
    for (const environment of environments) {
      const keys = settings.stripe[environment];
      if (keys) await connect(app, project, { ...settings, environment, keys });
    }
    return project;
  });
}

type Wanted = Settings & Parameters<typeof ensureConnection>[2];

/** A server that starts while Stripe is away answers what it knows, which needs no Stripe. */
async function connect(app: App, { team }: Project, { stripeApiUrl, ...wanted }: Wanted) {
  const tools = { em: app.orm.em.fork(), sealer: app.sealer, apiUrl: stripeApiUrl };
  try {
    const { id } = await ensureConnection(tools, team.id, wanted);
    app.connections.forget(id);
  } catch (failure) {
    if (!isStripeTrouble(failure) || isKeyRefused(failure)) throw failure;
    app.log.error({ err: failure }, `Stripe (${wanted.environment}) cannot be reached: its connection stays as it is`);
  }
}
