import { defineEntity, p } from '@mikro-orm/core';
import { environmentColumn, instant } from '../../database/columns.ts';
import { rowsForEveryone } from '../../tenancy/teams/policies.ts';
import { Project } from '../../tenancy/teams/project.entity.ts';
import { terms } from './term-columns.ts';

/** The referral programme of one side (TEST or LIVE) of a project. Without a row there is none. */
const schema = defineEntity({
  name: 'ReferralConfig',
  policies: rowsForEveryone({ writtenBy: 'projects' }),
  primaryKeys: ['projectId', 'environment'],
  properties: {
    projectId: () => p.manyToOne(Project).mapToPk().joinColumn('project_id').primary(),
    environment: environmentColumn().primary(),
    enabled: p.boolean().default(false),
    /** Disabled, and what was not converted is rejected: nobody is credited any more. */
    rejectsOpen: p.boolean().default(false),
    ...terms,
    updatedAt: instant()
      .onCreate(() => new Date())
      .onUpdate(() => new Date()),
  },
});

export class ReferralConfig extends schema.class {}
schema.setClass(ReferralConfig);
