import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../database/run-statement.ts';
import type { Environment } from '../environment.ts';
import type { Principal } from '../identity/access/principal.ts';
import { newId } from '../ids.ts';
import { type Change, withoutSecrets } from './change.ts';

/** Who writes, where he sits, and by which mutation (or, beside the graph, which act). */
export type Author = {
  principal: Pick<Principal, 'id' | 'role' | 'teamId' | 'projectId'> & {
    /** An address of which nobody knows who is there. */
    kind: Principal['kind'] | 'ADDRESS';
    environment: Environment | null;
  };
  origin: Origin;
  mutation: string;
};

export type Origin = { requestId: string; ip: string; userAgent: string | null };

const longestUserAgent = 500;

/**
 * Adds entries to the audit log in the EntityManager's transaction, which must be the one that makes the changes. What is written
 * in another team than the author's (he joins it) is in that team's log, which learns nothing of his own team.
 */
export async function recordAudit(em: EntityManager, author: Author, changes: Change[]): Promise<void> {
  if (!changes.length) return;
  const { principal, origin, mutation } = author;
  const rows = changes.map(({ subjectType, subjectId, before, after, teamId = principal.teamId }) => ({
    id: newId('aud'),
    team_id: teamId,
    ...(teamId === principal.teamId && {
      project_id: principal.projectId,
      environment: principal.environment,
      actor_role: principal.role,
    }),
    actor_kind: principal.kind,
    actor_id: principal.id,
    ip: origin.ip,
    user_agent: origin.userAgent?.slice(0, longestUserAgent) ?? null,
    request_id: origin.requestId,
    mutation,
    subject_type: subjectType,
    subject_id: subjectId,
    before: before && withoutSecrets(before),
    after: after && withoutSecrets(after),
    created_at: new Date(),
  }));
  await runStatement(em, 'insert into audit_entry select * from json_populate_recordset(null::audit_entry, $1)', [
    JSON.stringify(rows, storable),
  ]);
}

/** PostgreSQL's JSON holds neither U+0000 nor a half of a surrogate pair, and JSON no big integers. */
function storable(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : value;
}
