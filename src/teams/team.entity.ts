import { defineEntity, p } from '@mikro-orm/core';
import { createdAt } from '../database/columns.ts';

/** The people who run one or more SaaS products on one Stripe account. */
const schema = defineEntity({
  name: 'Team',
  properties: {
    id: p.text().primary(),
    name: p.text(),
    createdAt: createdAt(),
  },
});

export class Team extends schema.class {}
schema.setClass(Team);
