import type { EntityManager } from '@mikro-orm/core';
import { Price } from '../catalog/price.entity.ts';
import { type Environment, environments } from '../environment.ts';
import { Plan } from './plan.entity.ts';
import { ProjectSettings } from './project-settings.entity.ts';
import type { ProjectSettingsType } from './project-settings.type.ts';

/** How both sides of a project are set: TEST, then LIVE. */
export async function viewSettings(
  { em }: { em: EntityManager },
  { projectId }: { projectId: string },
): Promise<ProjectSettingsType[]> {
  const settings = await em.find(ProjectSettings, { projectId });
  const plans = await em.find(Plan, { projectId }, { orderBy: { name: 'asc' } });
  const selfService = await em.find(Price, { projectId, selfService: true }, { orderBy: { id: 'asc' } });
  return environments.map((environment) => {
    const isHere = (row: { environment: Environment }) => row.environment === environment;
    const set = settings.find(isHere);
    return {
      environment,
      defaultCurrency: set?.defaultCurrency ?? null,
      redirectOrigins: set?.redirectOrigins ?? [],
      plans: plans.filter(isHere).map(({ name, price, isDefault }) => ({ name, priceId: price.id, isDefault })),
      selfServicePriceIds: selfService.filter(isHere).map((price) => price.id),
      appTokens: set ? appTokensOf(set) : null,
    };
  });
}

function appTokensOf(set: ProjectSettings) {
  if (!set.tokenIssuer) return null;
  return {
    issuer: set.tokenIssuer,
    audience: set.tokenAudience!,
    jwksUrl: set.tokenJwksUrl!,
    algorithms: set.tokenAlgorithms,
    customerClaim: set.tokenCustomerClaim,
    scopes: set.tokenScopes,
  };
}
