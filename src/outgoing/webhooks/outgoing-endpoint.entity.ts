import { defineEntity, p } from '@mikro-orm/core';
import { instant, timestamps } from '../../database/columns.ts';
import { rowsForEveryone } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';

/** Why an endpoint gets nothing: somebody said so; it answered 410; or nothing arrived there for days. */
export const outgoingDisabledReasons = ['BY_REQUEST', 'GONE', 'FAILING'] as const;
export type OutgoingDisabledReason = (typeof outgoingDisabledReasons)[number];

/**
 * Where a project is told what happens. Whoever changes a row in the project looks here whether anybody wants to know, so
 * every credential of it may read it; the secrets are sealed.
 */
const schema = defineEntity({
  name: 'OutgoingEndpoint',
  policies: rowsForEveryone({ writtenBy: 'projects' }),
  indexes: [{ properties: ['projectId', 'environment', 'id'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    url: p.text(),
    description: p.text().nullable(),
    /** Types, or patterns such as `subscription.*` and `*`: see wants-event.ts. */
    eventTypes: p.array(),
    /** Null once it is deleted. */
    sealedSecret: p.text().nullable(),
    /** Signs as well until then, after a rotation. */
    sealedPreviousSecret: p.text().nullable(),
    previousSecretEndsAt: instant().nullable(),
    disabledAt: instant().nullable(),
    disabledReason: p.enum(outgoingDisabledReasons).columnType('text').nullable(),
    /** The first try that failed since one succeeded last. */
    failingSince: instant().nullable(),
    /** It asked for a rest, by `Retry-After`. */
    restsUntil: instant().nullable(),
    /** A deleted one stays for its deliveries, until they are pruned. */
    deletedAt: instant().nullable(),
    ...timestamps,
  },
});

export class OutgoingEndpoint extends schema.class {}
schema.setClass(OutgoingEndpoint);
