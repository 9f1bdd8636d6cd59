import type { EntityManager, FilterQuery } from '@mikro-orm/core';
import type { Connection } from '../graphql/connection.ts';
import type { PageArgs } from '../reader/page.ts';
import { pageById } from '../reader/page-by-id.ts';
import { AuditEntry } from './audit-entry.entity.ts';
import type { AuditEntryType, AuditLogFilter } from './audit-entry.type.ts';

/** A page of a team's audit log, the oldest entry first. @throws Refusal BAD_USER_INPUT with the argument that is wrong. */
export async function listAuditEntries(
  { em }: { em: EntityManager },
  teamId: string,
  filter: AuditLogFilter,
  args: PageArgs,
): Promise<Connection<AuditEntryType>> {
  const page = await pageById(em, AuditEntry, whereOf(teamId, filter), args);
  const nodes = page.nodes.map(entryOf);
  return { ...page, nodes, edges: page.edges.map(({ cursor }, index) => ({ cursor, node: nodes[index]! })) };
}

function whereOf(teamId: string, { actor, subject, mutation, from, to }: AuditLogFilter): FilterQuery<AuditEntry> {
  const bounds = { ...(from != null && { $gte: from }), ...(to != null && { $lt: to }) };
  const wanted = Object.entries({ actorId: actor, subjectId: subject, mutation }).filter(([, text]) => text != null);
  // PostgreSQL's text cannot hold U+0000: what has one equals nothing.
  const equal = wanted.map(([column, text]) => [column, text!.includes('\0') ? '' : text]);
  return { teamId, ...Object.fromEntries(equal), ...(Object.keys(bounds).length && { createdAt: bounds }) };
}

function entryOf(entry: AuditEntry): AuditEntryType {
  const { actorKind, actorId, actorRole = null, before, after } = entry;
  return {
    id: entry.id,
    actor: { kind: actorKind, id: actorId, role: actorRole },
    mutation: entry.mutation,
    subjectType: entry.subjectType ?? null,
    subjectId: entry.subjectId ?? null,
    before: before ? JSON.stringify(before) : null,
    after: after ? JSON.stringify(after) : null,
    projectId: entry.projectId ?? null,
    environment: entry.environment ?? null,
    ip: entry.ip ?? null,
    userAgent: entry.userAgent ?? null,
    requestId: entry.requestId ?? null,
    createdAt: entry.createdAt,
  };
}
