import type { EntityManager } from '@mikro-orm/core';
import { checkEmail, checkText } from '../../check-input.ts';
import { conflict } from '../../errors.ts';
import { newId } from '../../ids.ts';
import { hashPassword } from './hash-password.ts';
import { Operator } from './operator.entity.ts';
import { OperatorAccount } from './operator-account.entity.ts';

export type NewOperator = { name: string; email: string; password: string };

/**
 * Makes a person who can sign in with a password. Nothing is written before the caller flushes: together with what lets him in.
 * @throws Refusal BAD_USER_INPUT with the field; CONFLICT where the email is taken.
 */
export async function createOperator({ em }: { em: EntityManager }, input: NewOperator): Promise<Operator> {
  const name = checkText(input.name, 'name', { max: 100 });
  const email = checkEmail(input.email, 'email');
  const password = await hashPassword(input.password, 'password');
  if (await em.count(Operator, { email })) throw conflict('Somebody has this email already: sign in.', 'email');
  const operator = em.create(Operator, { id: newId('op'), name, email, emailVerified: false });
  em.create(OperatorAccount, {
    id: newId('opacc'),
    operator,
    accountId: operator.id,
    providerId: 'credential',
    password,
  });
  return operator;
}
