import { type EntityManager, helper, p } from '@mikro-orm/core';
import { environments } from '../environment.ts';

/** An instant, to the microsecond, always with its zone. */
export const instant = () => p.datetime().columnType('timestamptz');

export const createdAt = () => instant().onCreate(() => new Date());

/** `updatedAt` is when the row last said something else: a mirror's newer evidence of the same is no change. */
export const timestamps = {
  createdAt: createdAt(),
  updatedAt: instant()
    .onCreate(() => new Date())
    .onUpdate((row: { updatedAt?: Date }, em) => (saysTheSame(row, em) ? row.updatedAt! : new Date())),
};

function saysTheSame(row: object, em: EntityManager): boolean {
  const { __meta: meta, __originalEntityData: before } = helper(row);
  const comparator = em.getComparator();
  const changes = comparator.diffEntities(meta.class, before!, comparator.prepareEntity(row));
  return Object.keys(changes).every((name) => name === 'evidence');
}

export const environmentColumn = () => p.enum(environments).columnType('text');

export const metadata = () => p.json<Record<string, string>>().default('{}');
