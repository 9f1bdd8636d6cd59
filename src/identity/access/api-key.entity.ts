import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, environmentColumn, instant } from '../../database/columns.ts';
import type { OwnLimits } from '../../limits/limit-classes.ts';
import { rowsOfTeams } from '../../tenancy/teams/policies.ts';
import { Team } from '../../tenancy/teams/team.entity.ts';

/** A backend's credential. Only its SHA-256 is kept; no scopes means no rights. */
const schema = defineEntity({
  name: 'ApiKey',
  policies: rowsOfTeams(),
  properties: {
    id: p.text().primary(),
    team: () => p.manyToOne(Team),
    projectIds: p.array(),
    environment: environmentColumn(),
    name: p.text(),
    hash: p.text().unique(),
    lastFour: p.text(),
    scopes: p.array(),
    /** Networks in CIDR notation that the key may come from; any where there is none. */
    allowedIps: p.array().default([]),
    /** What differs from the limits of the team. */
    rateLimits: p
      .json<OwnLimits>()
      .onCreate(() => ({}))
      .default('{}'),
    expiresAt: instant().nullable(),
    revokedAt: instant().nullable(),
    /** Some seconds behind: it is written in batches. */
    lastUsedAt: instant().nullable(),
    createdAt: createdAt(),
  },
});

export class ApiKey extends schema.class {}
schema.setClass(ApiKey);
