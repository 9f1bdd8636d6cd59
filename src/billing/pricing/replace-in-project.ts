import type { EntityManager } from '@mikro-orm/core';
import { Plan } from '../../tenancy/projects/plan.entity.ts';
import { ProjectSettings } from '../../tenancy/projects/project-settings.entity.ts';
import type { Tenant } from '../../tenant.ts';
import { Price } from '../catalog/price.entity.ts';

/** What the project sells at one price it sells at another one from now on: by its plans, and by self-service. */
export async function replaceInProject(
  { em }: { em: EntityManager },
  { projectId, environment }: Pick<Tenant, 'projectId' | 'environment'>,
  { from, to }: { from: string; to: string },
): Promise<void> {
  const plans = await em.find(Plan, { projectId, environment, price: from });
  for (const plan of plans) plan.price = em.getReference(Price, to);
  const settings = await em.findOne(ProjectSettings, { projectId, environment });
  if (!settings?.selfServicePriceIds.includes(from)) return;
  settings.selfServicePriceIds = settings.selfServicePriceIds.map((id) => (id === from ? to : id));
}
