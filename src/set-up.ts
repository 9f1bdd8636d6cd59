import type { App } from './app.ts';
import type { Config } from './config.ts';
import { environments } from './environment.ts';
import { ensureConnection } from './teams/ensure-connection.ts';
import { ensureProject } from './teams/ensure-project.ts';
import type { Project } from './teams/project.entity.ts';

/**
 * What an installation needs before its first request: a team with a project, and the Stripe accounts whose keys are
 * configured, each with its webhook endpoint. What is there already stays. The server listens already: Stripe may deliver.
 */
export async function setUp(
  app: App,
  { stripe, stripeApiUrl, publicUrl }: Pick<Config, 'stripe' | 'stripeApiUrl' | 'publicUrl'>,
): Promise<Project> {
  const em = app.orm.em.fork();
  const project = await ensureProject(em);
  for (const environment of environments) {
    const keys = stripe[environment];
    if (!keys) continue;
    const tools = { em, sealer: app.sealer, apiUrl: stripeApiUrl };
    const { id } = await ensureConnection(tools, project.team.id, { environment, keys, publicUrl });
    app.connections.forget(id);
  }
  return project;
}
