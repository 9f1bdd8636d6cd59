import { type EntityManager, UniqueConstraintViolationException } from '@mikro-orm/core';
import { findCustomer } from '../../billing/customers/find-customer.ts';
import { awaitTurn } from '../../database/await-turn.ts';
import { conflict } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { checkCode, newCode } from './new-code.ts';
import { ReferralCode } from './referral-code.entity.ts';

export type NewReferralCode = {
  customerId: string;
  /** Chosen, of a partner; null for one that is made up. */
  code?: string | null;
  /** Whether the customer himself asks. */
  bySelfService: boolean;
};

/**
 * The code by which a customer refers others, made where there is none: one for each customer, and besides any number that were chosen.
 * @throws Refusal NOT_FOUND; BAD_USER_INPUT for a code that is none; CONFLICT where the code is another customer's or was deactivated, and where
 * the customer asks himself whose code was deactivated.
 */
export async function createReferralCode(
  { em }: { em: EntityManager },
  side: Side,
  { customerId, code, bySelfService }: NewReferralCode,
): Promise<ReferralCode> {
  const chosen = code == null ? null : checkCode(code, 'code');
  const customer = await findCustomer({ em }, side, customerId);
  const { projectId, environment } = side;
  await awaitTurn(em, `referral-code/${customer.id}`);
  const known = await em.find(ReferralCode, { customer, ...(chosen ? { code: chosen } : { custom: false }) });
  const active = known.find(({ deactivatedAt }) => !deactivatedAt);
  if (active) return active;
  if (known.length && (chosen || bySelfService))
    throw conflict('This code was deactivated.', chosen ? 'code' : 'customerId');
  const made = {
    id: newId('rco'),
    projectId,
    environment,
    customer,
    code: chosen ?? newCode(),
    custom: chosen !== null,
  };
  const row = em.create(ReferralCode, made);
  try {
    await em.flush();
  } catch (failure) {
    if (!chosen || !(failure instanceof UniqueConstraintViolationException)) throw failure;
    throw conflict('Another customer has this code. Choose another one.', 'code');
  }
  return row;
}
