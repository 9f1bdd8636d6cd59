import { type EntityManager, LockMode } from '@mikro-orm/core';
import { conflict, forbidden, notInTeam } from '../../errors.ts';
import type { Principal } from '../../identity/access/principal.ts';
import { isId } from '../../ids.ts';
import { Team } from '../teams/team.entity.ts';
import { TeamMember } from './team-member.entity.ts';

export type LockedTeam = {
  em: EntityManager;
  team: Team;
  /** The operator who asks, as he is in the team now. */
  actor: TeamMember;
  /** @throws Refusal NOT_FOUND. */
  member(id: string, field: string): TeamMember;
  /** @throws Refusal FORBIDDEN where the actor is no owner: what concerns owners is for owners. */
  requireOwner(): void;
  /** @throws Refusal CONFLICT where nobody else owns the team: call it before an owner ceases to be one. */
  requireOtherOwner(than: TeamMember): void;
};

/**
 * Carries out a change of who is in a team, one at a time: of two owners who leave at once, the second finds himself the last.
 * @throws Refusal FORBIDDEN where the actor was removed meanwhile, or given another role.
 */
export async function inLockedTeam<Result>(
  { em }: { em: EntityManager },
  { id: operatorId, teamId, role }: Pick<Principal, 'id' | 'teamId' | 'role'>,
  work: (locked: LockedTeam) => Result | Promise<Result>,
): Promise<Result> {
  return em.transactional(async (em) => {
    const team = await em.findOneOrFail(Team, { id: teamId }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
    const members = await em.find(TeamMember, { team }, { refresh: true });
    const actor = members.find(({ operator }) => operator.id === operatorId);
    if (!actor) throw forbidden('You are not in this team any more.');
    // What he may do was decided by the role that he had before he waited for the lock.
    if (actor.role !== role) throw forbidden('Your role in this team has just been changed. Ask again.');
    return work({
      em,
      team,
      actor,
      member(id, field) {
        const member = isId('mem', id) && members.find((one) => one.id === id);
        if (!member) throw notInTeam('member', field);
        return member;
      },
      requireOwner() {
        if (actor.role !== 'OWNER') throw forbidden('Only an owner makes, changes or removes owners.');
      },
      requireOtherOwner(than) {
        if (!members.some(({ id, role }) => role === 'OWNER' && id !== than.id))
          throw conflict('A team always has an owner: make somebody else one first.');
      },
    });
  });
}
