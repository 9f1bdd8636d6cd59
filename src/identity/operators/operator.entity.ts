import { defineEntity, p } from '@mikro-orm/core';
import { timestamps } from '../../database/columns.ts';
import { rowsOfMembers } from '../../tenancy/teams/policies.ts';

/** A person who signs in to run teams. better-auth reads and writes it as its `user`. */
const schema = defineEntity({
  name: 'Operator',
  policies: rowsOfMembers(),
  properties: {
    id: p.text().primary(),
    name: p.text(),
    /** In lower case. */
    email: p.text().unique(),
    emailVerified: p.boolean().default(false),
    image: p.text().nullable(),
    ...timestamps,
  },
});

export class Operator extends schema.class {}
schema.setClass(Operator);
