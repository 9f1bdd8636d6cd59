import { type EntityManager, IsolationLevel } from '@mikro-orm/core';

/** Reads by several statements what was true at one moment, whatever is written meanwhile. */
export function ofOneMoment<Result>(em: EntityManager, read: (em: EntityManager) => Promise<Result>): Promise<Result> {
  return em.transactional(read, { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true });
}
