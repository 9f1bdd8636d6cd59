import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import type { App } from '../app.ts';
import { Price } from '../billing/catalog/price.entity.ts';
import { createCustomer } from '../billing/customers/create-customer.ts';
import { Customer } from '../billing/customers/customer.entity.ts';
import { newId } from '../ids.ts';
import { unrecorded } from '../operations/unrecorded.ts';
import { Plan } from '../tenancy/projects/plan.entity.ts';
import { ProjectSettings } from '../tenancy/projects/project-settings.entity.ts';
import type { Project } from '../tenancy/teams/project.entity.ts';
import { routingMetadata, type Tenant } from '../tenant.ts';

const catalog = [
  { name: 'Starter', description: 'For one person.', prices: { starter_monthly: [900, 'month'] } },
  { name: 'Pro', description: 'For a team.', prices: { pro_monthly: [2900, 'month'], pro_yearly: [29_000, 'year'] } },
] as const;
const lookupKeys = catalog.flatMap(({ prices }) => Object.keys(prices));

/** How long the worker may take to bring the catalog here, in milliseconds. */
const patience = 15_000;

/** Two products with prices, a plan for each price, and a customer to try a checkout with. What is there already stays as it is. */
export async function seedSandbox(app: App, project: Project): Promise<void> {
  const em = app.orm.em.fork();
  const { id: connectionId, stripe } = (await app.connections.of(project.team.id, 'TEST'))!;
  const tenant: Tenant = { teamId: project.team.id, projectId: project.id, environment: 'TEST', connectionId };
  if ((await arrived(em, tenant)) < lookupKeys.length) await makeCatalog({ em, stripe }, tenant);
  await ensureSettings({ em }, tenant);
  if (await em.count(Customer, { projectId: project.id, environment: 'TEST' })) return;
  const log = { warn() {} };
  await createCustomer({ em, stripe, operation: unrecorded({ em }), log }, tenant, {
    email: 'first@example.com',
    name: 'First Customer',
  });
}

/** A plan for each price, and where the first checkouts lead back to. */
async function ensureSettings({ em }: { em: EntityManager }, { projectId, environment }: Tenant) {
  const side = { projectId, environment };
  if (await em.count(ProjectSettings, side)) return;
  em.create(ProjectSettings, { ...side, defaultCurrency: 'USD', redirectOrigins: ['https://example.com'] });
  for (const price of await em.find(Price, { ...side, lookupKey: { $in: lookupKeys } })) {
    const name = price.lookupKey!;
    em.create(Plan, { id: newId('plan'), ...side, name, price, isDefault: name === 'pro_monthly' });
  }
  await em.flush();
}

/** Makes it in Stripe, and waits until it has come here as everything does: by webhook. */
async function makeCatalog({ em, stripe }: { em: EntityManager; stripe: Stripe }, tenant: Tenant) {
  const metadata = routingMetadata(tenant);
  const once = (name: string) => ({ idempotencyKey: `seed/${tenant.projectId}/${name}` });
  for (const { name, description, prices } of catalog) {
    const product = await stripe.products.create({ name, description, metadata }, once(name));
    for (const [lookup_key, [unit_amount, interval]] of Object.entries(prices)) {
      const price = {
        product: product.id,
        currency: 'usd',
        unit_amount,
        recurring: { interval },
        lookup_key,
        metadata,
      };
      await stripe.prices.create(price, once(lookup_key));
    }
  }
  const end = Date.now() + patience;
  while ((await arrived(em, tenant)) < lookupKeys.length) {
    if (Date.now() > end) throw new Error(`The catalog did not arrive by webhook within ${patience / 1000} seconds.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const arrived = (em: EntityManager, { projectId, environment }: Tenant) =>
  em.fork().count(Price, { projectId, environment, lookupKey: { $in: lookupKeys } });
