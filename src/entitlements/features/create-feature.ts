import { type EntityManager, UniqueConstraintViolationException } from '@mikro-orm/core';
import { checkText } from '../../check-input.ts';
import { badInput, conflict } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { checkKey, checkOptions } from './check-feature.ts';
import { Feature } from './feature.entity.ts';
import type { FeatureKind } from './feature-type.ts';
import { findFeatureMeter } from './find-feature-meter.ts';

export type NewFeature = {
  key: string;
  name: string;
  description?: string | null;
  type: FeatureKind;
  options?: string[] | null;
  meter?: string | null;
};

/**
 * Makes a feature.
 * @throws Refusal BAD_USER_INPUT with the field; NOT_FOUND for the meter; CONFLICT where the key is taken, also by an archived feature.
 */
export async function createFeature(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  { type, options, meter, ...input }: NewFeature,
): Promise<Feature> {
  if (type !== 'ENUMERATED' && options?.length)
    throw badInput('Only a feature of the type ENUMERATED has options.', 'options');
  if (type !== 'LIMIT' && meter != null) throw badInput('Only a feature of the type LIMIT has a meter.', 'meter');
  const feature = em.create(Feature, {
    id: newId('fea'),
    projectId,
    environment,
    key: checkKey(input.key),
    name: checkText(input.name, 'name', { max: 250 }),
    description: input.description == null ? null : checkText(input.description, 'description', { max: 5_000 }),
    type,
    options: type === 'ENUMERATED' ? checkOptions(options ?? []) : [],
    meter: meter == null ? null : await findFeatureMeter({ em }, { projectId, environment }, meter),
  });
  try {
    await em.flush();
  } catch (failure) {
    if (failure instanceof UniqueConstraintViolationException)
      throw conflict('Another feature has this key, perhaps an archived one. Keys are never given twice.', 'key');
    throw failure;
  }
  return feature;
}
