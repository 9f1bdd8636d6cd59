import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { environments } from '../../environment.ts';
import { badInput, Refusal } from '../../errors.ts';
import type { Principal } from '../access/principal.ts';
import { type Role, scopesOfRole } from '../access/roles.ts';

/** The headers in which an operator says where he works. */
export type Workplace = { teamId?: string; projectId?: string; environment?: string };

type Membership = { teamId: string; role: Role; projectIds: string[] };

/**
 * Whom an operator speaks for in this request: what he is in the team now, by one look into the database.
 * @param session the operator, and the team that he chose for requests that name none.
 * @returns null where he is in no team.
 * @throws Refusal BAD_USER_INPUT where he is in several teams and names none, or for an environment that does not exist;
 * NOT_FOUND for a team or project that he does not reach.
 */
export async function operatorPrincipal(
  { em }: { em: EntityManager },
  { operatorId, activeTeamId }: { operatorId: string; activeTeamId: string | null },
  { teamId, projectId, environment = 'TEST' }: Workplace,
): Promise<Principal | null> {
  const memberships = await membershipsOf(em, operatorId);
  const inEnvironment = environments.find((one) => one === environment);
  if (!inEnvironment) throw badInput('The environment is TEST or LIVE.', 'Billgraph-Environment');
  const membership = chosenTeam(memberships, activeTeamId, teamId);
  if (!membership) return null;
  return {
    kind: 'OPERATOR',
    id: operatorId,
    teamId: membership.teamId,
    projectId: chosenProject(membership, projectId),
    projectIsDerived: projectId === undefined,
    projectIds: membership.projectIds,
    environment: inEnvironment,
    customerId: null,
    role: membership.role,
    scopes: scopesOfRole(membership.role),
  };
}

const membershipsOf = (em: EntityManager, operatorId: string) =>
  runStatement<Membership>(
    em,
    `select team_id as "teamId", role,
       array(select id from project where project.team_id = team_member.team_id order by id) as "projectIds"
     from team_member where operator_id = $1 order by created_at, id`,
    [operatorId],
  );

function chosenTeam(memberships: Membership[], activeTeamId: string | null, wanted?: string): Membership | undefined {
  const [only, ...others] = memberships;
  const named = memberships.find(({ teamId }) => teamId === (wanted ?? activeTeamId));
  if (wanted && !named) throw new Refusal('NOT_FOUND', 'You are in no such team.', { field: 'Billgraph-Team' });
  if (named || !others.length) return named ?? only;
  throw badInput('You are in several teams: name one in the header Billgraph-Team.', 'Billgraph-Team');
}

function chosenProject({ projectIds }: Membership, wanted?: string): string | null {
  if (wanted && !projectIds.includes(wanted))
    throw new Refusal('NOT_FOUND', 'The team has no such project.', { field: 'Billgraph-Project' });
  const [only, ...others] = projectIds;
  return wanted ?? (others.length ? null : (only ?? null));
}
