import { defineEntity, p } from '@mikro-orm/core';
import { environmentColumn, instant } from '../../database/columns.ts';
import { rowsOfSides } from '../../tenancy/teams/policies.ts';
import { Project } from '../../tenancy/teams/project.entity.ts';

/** How Stripe's portal is set for one side of a project, and what we last asked Stripe to set. */
const schema = defineEntity({
  name: 'PortalConfiguration',
  policies: rowsOfSides(),
  primaryKeys: ['projectId', 'environment'],
  properties: {
    projectId: () => p.manyToOne(Project).mapToPk().joinColumn('project_id').primary(),
    environment: environmentColumn().primary(),
    /** Stripe's `bpc_…`. */
    stripeConfigurationId: p.text(),
    /** SHA-256 of the parameters: where the project is set otherwise now, Stripe is told. */
    fingerprint: p.text(),
    updatedAt: instant()
      .onCreate(() => new Date())
      .onUpdate(() => new Date()),
  },
});

export class PortalConfiguration extends schema.class {}
schema.setClass(PortalConfiguration);
