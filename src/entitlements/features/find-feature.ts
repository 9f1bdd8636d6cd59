import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { conflict, notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { Feature } from './feature.entity.ts';

/** How a feature is looked up: by its id or its key. No key is such as an id is. */
export const featureWhere = (named: string) => (isId('fea', named) ? { id: named } : { key: named });

/**
 * The feature that an input names, by its key or its id. Until the transaction ends nobody else changes it.
 * @throws Refusal NOT_FOUND; CONFLICT where it is archived, unless that is `accepted`.
 */
export async function findFeature(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  named: string,
  { archived = 'refused' }: { archived?: 'refused' | 'accepted' } = {},
): Promise<Feature> {
  // A text with this character is nothing that PostgreSQL could look for.
  const found = named.includes('\0')
    ? null
    : await em.findOne(Feature, { ...featureWhere(named), projectId, environment });
  if (!found) throw notFound('feature', 'feature');
  await runStatement(em, 'select from feature where id = $1 for no key update', [found.id]);
  await em.refresh(found);
  if (found.archivedAt && archived === 'refused')
    throw conflict('This feature is archived. Take it up again first (reactivateFeature).', 'feature');
  return found;
}
