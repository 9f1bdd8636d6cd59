import { type EntityManager, LockMode, UniqueConstraintViolationException } from '@mikro-orm/core';
import { type Origin, recordAudit } from '../../audit/record-audit.ts';
import { conflict, forbidden } from '../../errors.ts';
import { createOperator } from '../../identity/operators/create-operator.ts';
import { Operator } from '../../identity/operators/operator.entity.ts';
import { newId } from '../../ids.ts';
import { findInvitation } from './find-invitation.ts';
import { TeamMember } from './team-member.entity.ts';

/** Who accepts: an operator who is signed in, or somebody new, with the name and password that he chose. */
export type Invitee = { operatorId: string } | { name: string; password: string };

/**
 * Makes an invited person a member, once.
 * @param tools.origin where he asks from, for the team's audit log; null within an operation, which tells of it itself.
 * @throws Refusal NOT_FOUND for a token that opens nothing (any more); FORBIDDEN where the operator has another address than the invitation; CONFLICT where he is
 * in the team already, or where somebody new has an address that is taken; BAD_USER_INPUT for a name or password.
 */
export function acceptInvitation(
  { em, origin }: { em: EntityManager; origin: Origin | null },
  token: string,
  invitee: Invitee,
): Promise<{ member: TeamMember; teamId: string }> {
  return em
    .transactional(async (em) => {
      const invitation = await findInvitation({ em }, token, { lockMode: LockMode.PESSIMISTIC_WRITE });
      const { team, role, email } = invitation;
      const operator =
        'operatorId' in invitee
          ? await em.findOneOrFail(Operator, { id: invitee.operatorId })
          : await createOperator({ em }, { ...invitee, email });
      if (operator.email !== email)
        throw forbidden('This invitation is for another address: sign in as the one invited.');
      if (await em.count(TeamMember, { team, operator })) throw conflict('You are in this team already.', 'token');
      em.assign(invitation, { status: 'accepted', tokenHash: null });
      const member = em.create(TeamMember, { id: newId('mem'), team, operator, role });
      if (origin) await tell(em, member, origin);
      return { member, teamId: team.id };
    })
    .catch((failure) => {
      if (!(failure instanceof UniqueConstraintViolationException)) throw failure;
      throw conflict('Somebody with this address has joined meanwhile: sign in.', 'token');
    });
}

async function tell(em: EntityManager, { id, team, operator, role }: TeamMember, origin: Origin): Promise<void> {
  const teamId = team.id;
  const principal = {
    kind: 'OPERATOR',
    id: operator.id,
    role: null,
    teamId,
    projectId: null,
    environment: null,
  } as const;
  const after = { id, team: teamId, operator: operator.id, role };
  const change = { subjectType: 'TeamMember', subjectId: id, before: null, after };
  await recordAudit(em, { principal, origin, mutation: 'acceptInvitation' }, [change]);
}
