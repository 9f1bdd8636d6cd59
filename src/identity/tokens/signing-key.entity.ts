import { defineEntity, p } from '@mikro-orm/core';
import type { JWK } from 'jose';
import { createdAt } from '../../database/columns.ts';
import { rowsOfInstallation } from '../../tenancy/teams/policies.ts';

/** A key pair (Ed25519) that signs the tokens we mint. The id is the token's `kid`. */
const schema = defineEntity({
  name: 'SigningKey',
  policies: rowsOfInstallation(),
  properties: {
    id: p.text().primary(),
    publicJwk: p.json<JWK>(),
    sealedPrivateJwk: p.text(),
    createdAt: createdAt(),
  },
});

export class SigningKey extends schema.class {}
schema.setClass(SigningKey);
