import type { EntityManager } from '@mikro-orm/core';
import type { App } from '../app.ts';
import { Price } from '../billing/catalog/price.entity.ts';
import { Customer } from '../billing/customers/customer.entity.ts';
import type { Config } from '../config.ts';
import { createApiKey } from '../identity/access/create-api-key.ts';
import { keyScopes } from '../identity/access/scopes.ts';
import { Operator } from '../identity/operators/operator.entity.ts';
import { createSetupLink } from '../tenancy/onboarding/create-setup-link.ts';
import type { Project } from '../tenancy/teams/project.entity.ts';
import { apiKeyFile } from './api-key-file.ts';
import { keptSecret } from './kept-secret.ts';
import { seedSandbox } from './seed-sandbox.ts';
import type { Development } from './start-development.ts';

/** Makes a developer's first call possible, and says where everything is. */
export async function greet(app: App, project: Project, config: Config, { sandbox }: Development): Promise<string> {
  const em = app.orm.em.fork();
  if (sandbox) await seedSandbox(app, project);
  const apiKey = await keptSecret(apiKeyFile(config), async () => {
    const owner = { teamId: project.team.id, projectIds: [project.id], environment: 'TEST' as const };
    return (await createApiKey({ em }, { ...owner, name: 'Development', scopes: keyScopes })).secret;
  });
  const isUnclaimed = !(await em.count(Operator));
  return `
Billgraph is running.

  GraphQL       ${config.publicUrl}/graphql
  Health        ${config.publicUrl}/health, ${config.publicUrl}/ready
  Stripe        ${sandbox ? `the sandbox, ${sandbox.url}` : 'your test account'}
  Test API key  ${apiKey}
${isUnclaimed ? `  Your account  ${await createSetupLink({ em }, config.publicUrl)} (once, within 24 hours)\n` : ''}
${await firstCall(em, project, config.publicUrl, apiKey)}
The whole journey, in another terminal: npm run demo

`;
}

async function firstCall(em: EntityManager, { id: projectId }: Project, url: string, apiKey: string): Promise<string> {
  const oldest = { orderBy: { createdAt: 'asc', id: 'asc' } } as const;
  const tenant = { projectId, environment: 'TEST' } as const;
  const price = await em.findOne(Price, { ...tenant, active: true, type: 'RECURRING' }, oldest);
  const customer = await em.findOne(Customer, { ...tenant, stripeCustomerId: { $ne: null }, deletedAt: null }, oldest);
  if (!price || !customer) return 'Products and prices come here when Stripe sends their events.\n';
  const query =
    'mutation ($input: CreateCheckoutSessionInput!) { createCheckoutSession(input: $input) { sessionId url } }';
  const successUrl = 'https://example.com/done?session={CHECKOUT_SESSION_ID}';
  const input = { customerId: customer.id, priceId: price.id, successUrl, cancelUrl: 'https://example.com/pricing' };
  return `Open a checkout, and pay in the browser at the url it answers:

  curl -s ${url}/graphql \\
    -H 'authorization: Bearer ${apiKey}' \\
    -H 'content-type: application/json' \\
    -d '${JSON.stringify({ query, variables: { input } })}'
`;
}
