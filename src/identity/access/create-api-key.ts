import type { EntityManager } from '@mikro-orm/core';
import type { Environment } from '../../environment.ts';
import { newId } from '../../ids.ts';
import type { OwnLimits } from '../../limits/limit-classes.ts';
import { Team } from '../../tenancy/teams/team.entity.ts';
import { ApiKey } from './api-key.entity.ts';
import { hashApiKey, newApiKey } from './api-key-format.ts';
import type { KeyScope } from './scopes.ts';

export type NewApiKey = {
  teamId: string;
  projectIds: string[];
  environment: Environment;
  name: string;
  /** Rights of people alone (`keys:write`, …) do not come to a key. */
  scopes: readonly KeyScope[];
  expiresAt?: Date;
  allowedIps?: string[];
  rateLimits?: OwnLimits;
};

/** Makes a key. The answer holds the only copy of its secret. */
export async function createApiKey(
  { em }: { em: EntityManager },
  input: NewApiKey,
): Promise<{ id: string; secret: string }> {
  const secret = newApiKey(input.environment);
  const key = em.create(ApiKey, {
    id: newId('key'),
    team: em.getReference(Team, input.teamId),
    projectIds: input.projectIds,
    environment: input.environment,
    name: input.name,
    hash: hashApiKey(secret),
    lastFour: secret.slice(-4),
    scopes: [...input.scopes],
    expiresAt: input.expiresAt,
    allowedIps: input.allowedIps ?? [],
    rateLimits: input.rateLimits ?? {},
  });
  await em.flush();
  return { id: key.id, secret };
}
