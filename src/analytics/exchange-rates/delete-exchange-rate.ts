import type { EntityManager } from '@mikro-orm/core';
import { notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { ExchangeRate } from './exchange-rate.entity.ts';

/**
 * Takes a rate back: from its day on the one before it holds again, or none.
 * @returns its id.
 * @throws Refusal NOT_FOUND.
 */
export async function deleteExchangeRate(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  id: string,
): Promise<string> {
  const rate = isId('fxr', id) ? await em.findOne(ExchangeRate, { id, projectId, environment }) : null;
  if (!rate) throw notFound('exchange rate', 'exchangeRateId');
  em.remove(rate);
  await em.flush();
  return id;
}
