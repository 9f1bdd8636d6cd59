import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, instant } from '../../database/columns.ts';
import { roles } from '../../identity/access/roles.ts';
import { Operator } from '../../identity/operators/operator.entity.ts';
import { rowsOfTeams } from '../teams/policies.ts';
import { Team } from '../teams/team.entity.ts';

export const invitationStatuses = ['pending', 'accepted', 'canceled'] as const;

/** Somebody may join a team under this email address, once, until `expiresAt`. */
const schema = defineEntity({
  name: 'TeamInvitation',
  policies: rowsOfTeams(),
  properties: {
    id: p.text().primary(),
    team: () => p.manyToOne(Team).index(),
    email: p.text(),
    role: p.enum(roles).columnType('text'),
    status: p.enum(invitationStatuses).columnType('text').default('pending'),
    /** SHA-256 of the link's token; null once it opens nothing more. */
    tokenHash: p.text().unique().nullable(),
    inviter: () => p.manyToOne(Operator).deleteRule('cascade'),
    expiresAt: instant(),
    createdAt: createdAt(),
  },
});

export class TeamInvitation extends schema.class {}
schema.setClass(TeamInvitation);
