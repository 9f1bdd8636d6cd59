import { defineEntity, p } from '@mikro-orm/core';
import { createdAt } from '../../database/columns.ts';
import { roles } from '../../identity/access/roles.ts';
import { Operator } from '../../identity/operators/operator.entity.ts';
import { rowsOfTeams } from '../teams/policies.ts';
import { Team } from '../teams/team.entity.ts';

/** An operator in a team. It is read on each request: who is removed may do nothing more. */
const schema = defineEntity({
  name: 'TeamMember',
  policies: rowsOfTeams(),
  properties: {
    id: p.text().primary(),
    team: () => p.manyToOne(Team).index(),
    operator: () => p.manyToOne(Operator).deleteRule('cascade').eager(),
    role: p.enum(roles).columnType('text'),
    createdAt: createdAt(),
  },
  uniques: [{ properties: ['operator', 'team'] }],
});

export class TeamMember extends schema.class {}
schema.setClass(TeamMember);
