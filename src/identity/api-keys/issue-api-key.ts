import type { EntityManager } from '@mikro-orm/core';
import { checkText } from '../../check-input.ts';
import type { Environment } from '../../environment.ts';
import type { LimitChanges } from '../../limits/limit-classes.ts';
import { changedLimits } from '../../limits/set-rate-limits.ts';
import { ApiKey } from '../access/api-key.entity.ts';
import { createApiKey } from '../access/create-api-key.ts';
import type { Principal } from '../access/principal.ts';
import { checkExpiry, checkNetworks, checkProjects, checkScopes } from './check-api-key.ts';

export type ApiKeyInput = {
  name: string;
  scopes: string[];
  projectIds: string[];
  environment: Environment;
  expiresAt?: Date | null;
  allowedIps?: string[] | null;
  rateLimits?: LimitChanges;
};

/**
 * Makes a key of the caller's team. The answer holds the only copy of its secret.
 * @throws Refusal BAD_USER_INPUT with the field; NOT_FOUND for a project that is none of the team.
 */
export async function issueApiKey(
  { em }: { em: EntityManager },
  principal: Principal,
  input: ApiKeyInput,
): Promise<{ apiKey: ApiKey; secret: string }> {
  const { id, secret } = await createApiKey(
    { em },
    {
      teamId: principal.teamId,
      environment: input.environment,
      name: checkText(input.name, 'name', { max: 100 }),
      scopes: checkScopes(input.scopes),
      projectIds: checkProjects(input.projectIds, principal.projectIds),
      expiresAt: checkExpiry(input.expiresAt) ?? undefined,
      allowedIps: checkNetworks(input.allowedIps ?? []),
      rateLimits: changedLimits({}, input.rateLimits ?? {}),
    },
  );
  return { apiKey: await em.findOneOrFail(ApiKey, id), secret };
}
