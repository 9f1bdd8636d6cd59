import { defineEntity, p } from '@mikro-orm/core';
import { rowsOfInstallation } from '../../tenancy/teams/policies.ts';

/** How often an address asked a route under /auth lately. `lastRequest` is in milliseconds since 1970. */
const schema = defineEntity({
  name: 'OperatorRateLimit',
  policies: rowsOfInstallation(),
  properties: {
    id: p.text().primary(),
    key: p.text().unique(),
    count: p.integer(),
    lastRequest: p.bigint('number'),
  },
});

export class OperatorRateLimit extends schema.class {}
schema.setClass(OperatorRateLimit);
