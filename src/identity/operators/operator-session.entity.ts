import { defineEntity, p } from '@mikro-orm/core';
import { instant, timestamps } from '../../database/columns.ts';
import { rowsOfInstallation } from '../../tenancy/teams/policies.ts';
import { Team } from '../../tenancy/teams/team.entity.ts';
import { Operator } from './operator.entity.ts';

/** A signed-in browser. The cookie is the token with a signature by a key that is not in the database. */
const schema = defineEntity({
  name: 'OperatorSession',
  policies: rowsOfInstallation(),
  properties: {
    id: p.text().primary(),
    operator: () => p.manyToOne(Operator).deleteRule('cascade').index(),
    token: p.text().unique(),
    expiresAt: instant(),
    ipAddress: p.text().nullable(),
    userAgent: p.text().nullable(),
    /** The team that the operator chose, for requests that name none. */
    activeTeam: () => p.manyToOne(Team).nullable().deleteRule('set null'),
    ...timestamps,
  },
});

export class OperatorSession extends schema.class {}
schema.setClass(OperatorSession);
