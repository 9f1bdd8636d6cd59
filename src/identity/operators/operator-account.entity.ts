import { defineEntity, p } from '@mikro-orm/core';
import { instant, timestamps } from '../../database/columns.ts';
import { rowsOfInstallation } from '../../tenancy/teams/policies.ts';
import { Operator } from './operator.entity.ts';

/** How an operator proves who he is: a password, as a salted hash (scrypt). better-auth's columns for other providers stay empty. */
const schema = defineEntity({
  name: 'OperatorAccount',
  policies: rowsOfInstallation(),
  properties: {
    id: p.text().primary(),
    operator: () => p.manyToOne(Operator).deleteRule('cascade').index(),
    accountId: p.text(),
    providerId: p.text(),
    password: p.text().nullable(),
    accessToken: p.text().nullable(),
    refreshToken: p.text().nullable(),
    idToken: p.text().nullable(),
    accessTokenExpiresAt: instant().nullable(),
    refreshTokenExpiresAt: instant().nullable(),
    scope: p.text().nullable(),
    ...timestamps,
  },
  uniques: [{ properties: ['providerId', 'accountId'] }],
});

export class OperatorAccount extends schema.class {}
schema.setClass(OperatorAccount);
