import type { EntityManager } from '@mikro-orm/core';
import type { Tenant } from '../../tenant.ts';
import { findSettings } from './find-settings.ts';
import { isIssuerTaken } from './is-issuer-taken.ts';
import { Plan } from './plan.entity.ts';
import type { ProjectSettings } from './project-settings.entity.ts';
import type { ProjectSettingsType } from './project-settings.type.ts';

/** How one side of a project is set. */
export async function viewSettings(
  { em, everyTenant }: { em: EntityManager; everyTenant: EntityManager },
  { projectId, environment }: Pick<Tenant, 'projectId' | 'environment'>,
): Promise<ProjectSettingsType> {
  const side = { projectId, environment };
  const set = await findSettings({ em }, side);
  const plans = await em.find(Plan, side, { orderBy: { name: 'asc' } });
  return {
    environment,
    defaultCurrency: set.defaultCurrency ?? null,
    gracePeriodDays: set.gracePeriodDays ?? null,
    automaticTax: set.automaticTax,
    redirectOrigins: set.redirectOrigins,
    plans: plans.map(({ name, price, isDefault }) => ({ name, priceId: price.id, isDefault })),
    selfServicePriceIds: set.selfServicePriceIds,
    brandColor: set.brandColor ?? null,
    appTokens: set.tokenIssuer
      ? { ...appTokensOf(set), mustNameProject: await isIssuerTaken({ everyTenant }, side) }
      : null,
  };
}

function appTokensOf(set: ProjectSettings) {
  return {
    issuer: set.tokenIssuer!,
    audience: set.tokenAudience!,
    jwksUrl: set.tokenJwksUrl!,
    algorithms: set.tokenAlgorithms,
    customerClaim: set.tokenCustomerClaim,
    scopes: set.tokenScopes,
  };
}
