import { type EntityManager, LockMode } from '@mikro-orm/core';
import { notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import { ApiKey } from '../access/api-key.entity.ts';

/**
 * A key of the team, locked until the EntityManager's transaction ends.
 * @throws Refusal NOT_FOUND
 */
export async function findApiKey(em: EntityManager, teamId: string, id: string): Promise<ApiKey> {
  const key = isId('key', id)
    ? await em.findOne(ApiKey, { id, team: teamId }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    : null;
  if (!key) throw notFound('API key', 'apiKeyId');
  return key;
}
