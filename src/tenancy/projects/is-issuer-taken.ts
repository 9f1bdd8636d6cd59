import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { Tenant } from '../../tenant.ts';

/**
 * Whether another team registered the issuer of this side's tokens before: then requests must name the project (see
 * identity/tokens/app-tokens.ts). Nothing else is told of the other team.
 * @param tools.everyTenant looks beyond the team.
 */
export async function isIssuerTaken(
  { everyTenant }: { everyTenant: EntityManager },
  { projectId, environment }: Pick<Tenant, 'projectId' | 'environment'>,
): Promise<boolean> {
  const taken = await runStatement(
    everyTenant,
    `select from project_settings own join project_settings other on other.token_issuer = own.token_issuer
     where own.project_id = $1 and own.environment = $2 and other.token_team_id <> own.token_team_id
       and (other.token_since, other.project_id, other.environment) < (own.token_since, own.project_id, own.environment)
     limit 1`,
    [projectId, environment],
  );
  return taken.length > 0;
}
