import { defineEntity, p } from '@mikro-orm/core';
import { createdAt } from '../database/columns.ts';
import { environments } from '../environment.ts';
import { rowsOfLog } from '../tenancy/teams/policies.ts';

/**
 * One write by a principal, written in the transaction of the write. Rows are only added: the server's role may neither change nor
 * remove them. No foreign keys, since an entry outlives what it tells of.
 */
const schema = defineEntity({
  name: 'AuditEntry',
  policies: rowsOfLog(),
  indexes: [{ properties: ['teamId', 'id'] }, { properties: ['subjectId', 'id'] }],
  properties: {
    id: p.text().primary(),
    teamId: p.text(),
    projectId: p.text().nullable(),
    environment: p.enum(environments).columnType('text').nullable(),
    actorKind: p.text(),
    actorId: p.text(),
    /** Of an operator. */
    actorRole: p.text().nullable(),
    ip: p.text().nullable(),
    userAgent: p.text().nullable(),
    requestId: p.text().nullable(),
    mutation: p.text(),
    /** The noun and our id of what was written; null where nothing of ours was. */
    subjectType: p.text().nullable(),
    subjectId: p.text().nullable(),
    /** What changed, as it was and as it became, secrets left out. */
    before: p.json<Record<string, unknown>>().nullable(),
    after: p.json<Record<string, unknown>>().nullable(),
    createdAt: createdAt(),
  },
});

export class AuditEntry extends schema.class {}
schema.setClass(AuditEntry);
