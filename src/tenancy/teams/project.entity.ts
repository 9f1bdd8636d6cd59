import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, instant } from '../../database/columns.ts';
import { rowsThatAreProjects } from './policies.ts';
import { Team } from './team.entity.ts';

/** One SaaS product. It has a TEST and a LIVE side. */
const schema = defineEntity({
  name: 'Project',
  policies: rowsThatAreProjects(),
  properties: {
    id: p.text().primary(),
    team: () => p.manyToOne(Team),
    name: p.text(),
    /** Nothing new is sold. What was sold stays true. */
    archivedAt: instant().nullable(),
    createdAt: createdAt(),
  },
});

export class Project extends schema.class {}
schema.setClass(Project);
