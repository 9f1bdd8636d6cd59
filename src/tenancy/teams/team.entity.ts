import { defineEntity, p } from '@mikro-orm/core';
import { createdAt } from '../../database/columns.ts';
import type { OwnLimits } from '../../limits/limit-classes.ts';
import { rowsOfTeams } from './policies.ts';

/** The people who run one or more SaaS products on one Stripe account. */
const schema = defineEntity({
  name: 'Team',
  policies: rowsOfTeams('id'),
  properties: {
    id: p.text().primary(),
    name: p.text(),
    // What better-auth's organization plugin demands of a team, and we do not use.
    slug: p.text().unique().nullable(),
    logo: p.text().nullable(),
    metadata: p.text().nullable(),
    /** What differs from the limits of the server. */
    rateLimits: p
      .json<OwnLimits>()
      .onCreate(() => ({}))
      .default('{}'),
    createdAt: createdAt(),
  },
});

export class Team extends schema.class {}
schema.setClass(Team);
