import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, environmentColumn, instant } from '../database/columns.ts';
import { Team } from '../teams/team.entity.ts';

/** A backend's credential. Only its SHA-256 is kept; no scopes means no rights. */
const schema = defineEntity({
  name: 'ApiKey',
  properties: {
    id: p.text().primary(),
    team: () => p.manyToOne(Team),
    projectIds: p.array(),
    environment: environmentColumn(),
    name: p.text(),
    hash: p.text().unique(),
    lastFour: p.text(),
    scopes: p.array(),
    expiresAt: instant().nullable(),
    revokedAt: instant().nullable(),
    createdAt: createdAt(),
  },
});

export class ApiKey extends schema.class {}
schema.setClass(ApiKey);
