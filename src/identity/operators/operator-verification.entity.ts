import { defineEntity, p } from '@mikro-orm/core';
import { instant, timestamps } from '../../database/columns.ts';
import { rowsOfInstallation } from '../../tenancy/teams/policies.ts';

/** A value that better-auth hands out once, until `expiresAt`. */
const schema = defineEntity({
  name: 'OperatorVerification',
  policies: rowsOfInstallation(),
  properties: {
    id: p.text().primary(),
    identifier: p.text().index(),
    value: p.text(),
    expiresAt: instant(),
    ...timestamps,
  },
});

export class OperatorVerification extends schema.class {}
schema.setClass(OperatorVerification);
