import type { EntityManager } from '@mikro-orm/core';
import { checkText } from '../../check-input.ts';
import { badInput } from '../../errors.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { checkOptions } from './check-feature.ts';
import type { Feature } from './feature.entity.ts';
import { findFeature } from './find-feature.ts';

type Change = {
  feature: string;
  name?: string | null;
  description?: string | null;
  options?: string[] | null;
  archived?: boolean;
};

/**
 * Changes what is said of a feature, archives it, or takes it up again. What is undefined stays; null takes the description away.
 * @throws Refusal NOT_FOUND; CONFLICT where it is archived and is not taken up again; BAD_USER_INPUT with the field, also for options
 * that are taken away or change places.
 */
export async function updateFeature(
  { em }: { em: EntityManager },
  side: Side,
  { feature: named, name, description, options, archived }: Change,
): Promise<Feature> {
  const feature = await findFeature({ em }, side, named, { archived: archived === undefined ? 'refused' : 'accepted' });
  if (name === null) throw badInput('A feature needs a name. Leave the field out to keep it.', 'name');
  if (name !== undefined) feature.name = checkText(name, 'name', { max: 250 });
  if (description !== undefined)
    feature.description = description === null ? null : checkText(description, 'description', { max: 5_000 });
  if (options != null) feature.options = addedOptions(feature, options);
  if (archived) feature.archivedAt ??= new Date();
  if (archived === false) feature.archivedAt = null;
  await em.flush();
  return feature;
}

/** What somebody has stays what it is, and stays more or less than what another has. */
function addedOptions({ type, options: before }: Feature, options: string[]): string[] {
  if (type !== 'ENUMERATED') throw badInput('Only a feature of the type ENUMERATED has options.', 'options');
  const after = checkOptions(options);
  const kept = after.filter((option) => before.includes(option));
  if (kept.join('\0') !== before.join('\0'))
    throw badInput(`Options are only added: keep ${before.join(', ')}, in this order.`, 'options');
  return after;
}
