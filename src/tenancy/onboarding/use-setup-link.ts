import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { locks } from '../../database/with-lock.ts';
import { conflict, Refusal } from '../../errors.ts';
import { hashOneTimeToken } from '../../identity/access/one-time-token.ts';
import { createOperator, type NewOperator } from '../../identity/operators/create-operator.ts';
import { Operator } from '../../identity/operators/operator.entity.ts';
import { OperatorVerification } from '../../identity/operators/operator-verification.entity.ts';
import { newId } from '../../ids.ts';
import { TeamMember } from '../members/team-member.entity.ts';
import { firstProject } from '../teams/ensure-project.ts';
import { setupLinks } from './create-setup-link.ts';

/** @throws Refusal NOT_FOUND for a token that is unknown, was used, or has expired. */
export async function requireSetupLink({ em }: { em: EntityManager }, token: string): Promise<void> {
  const open = { identifier: setupLinks, value: hashOneTimeToken(token), expiresAt: { $gt: new Date() } };
  if (await em.count(OperatorVerification, open)) return;
  throw new Refusal('NOT_FOUND', 'This link was used or has expired. `npm run operator` prints another one.', {
    field: 'token',
  });
}

/**
 * Makes an owner of the first team. One link is used at a time, and the first that is used ends all others.
 * @throws Refusal as requireSetupLink() and createOperator() do.
 */
export function useSetupLink({ em }: { em: EntityManager }, token: string, input: NewOperator): Promise<Operator> {
  return em.transactional(async (em) => {
    await runStatement(em, 'select pg_advisory_xact_lock($1)', [locks.setupLink]);
    await requireSetupLink({ em }, token);
    const operator = await createOwner({ em }, input);
    for (const link of await em.find(OperatorVerification, { identifier: setupLinks })) em.remove(link);
    return operator;
  });
}

/** An operator who owns the first team. Nothing is written before the caller flushes. */
export async function createOwner({ em }: { em: EntityManager }, input: NewOperator): Promise<Operator> {
  const project = await firstProject(em);
  if (!project) throw conflict('There is no team yet. Start the server once.');
  const operator = await createOperator({ em }, input);
  em.create(TeamMember, { id: newId('mem'), team: project.team, operator, role: 'OWNER' });
  return operator;
}
