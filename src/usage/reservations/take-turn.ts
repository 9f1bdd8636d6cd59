import type { EntityManager } from '@mikro-orm/core';
import { awaitTurn } from '../../database/await-turn.ts';

/**
 * Makes whoever decides about a customer's usage of a meter wait for his turn, until the transaction ends. What is read after it is what the
 * one before left: of two that would pass a limit together, the second is refused.
 * @returns the time when the turn came, by the database's clock, which is one for all processes.
 */
export const takeTurn = (em: EntityManager, customerId: string, meterId: string): Promise<Date> =>
  awaitTurn(em, `usage/${customerId}/${meterId}`);
