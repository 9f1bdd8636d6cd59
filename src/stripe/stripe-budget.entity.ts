import { defineEntity, p } from '@mikro-orm/core';
import { instant } from '../database/columns.ts';
import { StripeConnection } from '../tenancy/connections/stripe-connection.entity.ts';
import { rowsOfInstallation } from '../tenancy/teams/policies.ts';

/** How far a connection's turns to ask Stripe are given away, by all processes together: see reserve-turns.ts. */
const schema = defineEntity({
  name: 'StripeBudget',
  policies: rowsOfInstallation(),
  properties: {
    connection: () => p.oneToOne(StripeConnection).primary().owner(),
    /** When the next turn that nobody has may be taken. */
    freeAt: instant().defaultRaw('now()'),
    /** The same of live meter events, for which Stripe has a limit of their own. */
    usageFreeAt: instant().defaultRaw('now()'),
  },
});

export class StripeBudget extends schema.class {}
schema.setClass(StripeBudget);
