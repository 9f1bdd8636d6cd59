import type { EntityManager } from '@mikro-orm/core';
import { badInput, notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import { ApiKeyUsage } from '../../limits/api-key-usage.entity.ts';
import { ApiKey } from '../access/api-key.entity.ts';
import type { Principal } from '../access/principal.ts';

const mostDays = 400;
const day = 86_400_000;
/** PostgreSQL has no year 0. */
const firstDay = '0001-01-01';

/**
 * What a key of the team asked, by the days on which it asked anything.
 * @param input.from, input.to the first and last day (UTC), as `2026-11-21`.
 * @throws Refusal NOT_FOUND for a key that is none of the team; BAD_USER_INPUT for days that make no span of 400 days at most.
 */
export async function listUsage(
  { em }: { em: EntityManager },
  { teamId }: Principal,
  { keyId, from, to }: { keyId: string; from: string; to: string },
): Promise<ApiKeyUsage[]> {
  const first = dayOf(from, 'from');
  const last = dayOf(to, 'to');
  if (last < first) throw badInput('The last day is before the first one.', 'to');
  if (last - first > mostDays * day) throw badInput(`Ask for ${mostDays} days at most.`, 'to');
  const key = isId('key', keyId) ? await em.findOne(ApiKey, { id: keyId, team: teamId }) : null;
  if (!key) throw notFound('API key', 'keyId');
  return em.find(ApiKeyUsage, { apiKeyId: keyId, day: { $gte: from, $lte: to } }, { orderBy: { day: 'asc' } });
}

function dayOf(text: string, field: string): number {
  const instant = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(instant) || new Date(instant).toISOString().slice(0, 10) !== text || text < firstDay)
    throw badInput('Write a day as 2026-11-21.', field);
  return instant;
}
