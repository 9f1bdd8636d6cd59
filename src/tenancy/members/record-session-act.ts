import type { EntityManager } from '@mikro-orm/core';
import type { Change } from '../../audit/change.ts';
import { type Origin, recordAudit } from '../../audit/record-audit.ts';
import { TeamMember } from './team-member.entity.ts';

/** What becomes of sessions, as the audit log calls it beside mutations. */
export type SessionAct =
  | 'signIn'
  | 'signInFailed'
  | 'signOut'
  | 'revokeSession'
  | 'revokeSessions'
  | 'revokeOtherSessions'
  | 'changePassword';

/**
 * Tells every team of an operator, in its audit log, what became of his sessions. Who is in no team is told of nowhere.
 * Of a sign-in that failed nobody knows whose it was: its author is the address that it came from.
 */
export async function recordSessionAct(
  { em, origin }: { em: EntityManager; origin: Origin },
  { operatorId, act, change }: { operatorId: string; act: SessionAct; change: Partial<Change> },
): Promise<void> {
  await em.transactional(async (em) => {
    const told = { subjectType: 'Operator', subjectId: operatorId, before: null, after: null, ...change };
    for (const { team, role } of await em.find(TeamMember, { operator: operatorId })) {
      const place = { teamId: team.id, projectId: null, environment: null };
      const principal =
        act === 'signInFailed'
          ? { kind: 'ADDRESS' as const, id: origin.ip, role: null, ...place }
          : { kind: 'OPERATOR' as const, id: operatorId, role, ...place };
      await recordAudit(em, { principal, origin, mutation: act }, [told]);
    }
  });
}
