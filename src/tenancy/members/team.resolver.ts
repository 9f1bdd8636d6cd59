import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { type Connection, ConnectionArgs } from '../../graphql/connection.ts';
import type { GuardedContext, MutationContext } from '../../graphql/graph-context.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { limitChangesOf, RateLimitInput, RateLimitType, viewRateLimits } from '../../limits/rate-limit.type.ts';
import { pageById } from '../../reader/page-by-id.ts';
import { Team } from '../teams/team.entity.ts';
import { TeamType } from '../teams/team.type.ts';
import { updateTeam } from '../teams/update-team.ts';
import {
  type InvitationStatus,
  TeamInvitationConnection,
  TeamInvitationType,
  TeamMemberConnection,
  TeamMemberType,
} from './member.type.ts';
import { TeamInvitation } from './team-invitation.entity.ts';
import { TeamMember } from './team-member.entity.ts';

@InputType('UpdateTeamInput', { description: 'What changes of the team.' })
export class UpdateTeamInput extends MutationInput {
  @Field(() => String, { nullable: true, description: 'Its name, 1 to 100 characters. Left out, it stays.' })
  name?: string | null;

  @Field(() => [RateLimitInput], {
    nullable: true,
    description: 'The rate limits that change, for all keys, customers and operators of the team.',
  })
  rateLimits?: RateLimitInput[] | null;
}

@ObjectType('UpdateTeamPayload', { simpleResolvers: true, description: 'What updateTeam answers.' })
export class UpdateTeamPayload {
  @Field(() => TeamType, { description: 'The team as it is now.' })
  team!: TeamType;
}

@Resolver(() => TeamType)
export class TeamResolver {
  @Query(() => TeamType, {
    description: 'The team that the operator works in: the only one that he is in, or the one in `Billgraph-Team`.',
  })
  @RequiresScopes('team:read')
  team(@Ctx() { em, principal }: GuardedContext): Promise<TeamType> {
    return em.findOneOrFail(Team, { id: principal.teamId });
  }

  @Mutation(() => UpdateTeamPayload, {
    description:
      'Renames the team, or gives it rate limits of its own, which every server keeps to at once. `BAD_USER_INPUT` with the field, for a name that is none or points out of range.',
  })
  @RequiresScopes('team:write')
  async updateTeam(
    @Arg('input', () => UpdateTeamInput, { description: 'What changes.' }) input: UpdateTeamInput,
    @Ctx() { operation, principal }: MutationContext,
  ): Promise<UpdateTeamPayload> {
    const rateLimits = input.rateLimits ? limitChangesOf(input.rateLimits) : undefined;
    return { team: await operation.write((em) => updateTeam({ em }, principal.teamId, { ...input, rateLimits })) };
  }

  @FieldResolver(() => [RateLimitType], { description: 'Where its rate limits differ from those of the server.' })
  @RequiresScopes('team:read')
  rateLimits(@Root() { rateLimits }: Team): RateLimitType[] {
    return viewRateLimits(rateLimits);
  }

  @FieldResolver(() => TeamMemberConnection, { description: 'Who is in it.' })
  @RequiresScopes('team:read')
  members(
    @Root() { id }: Team,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() { em }: GuardedContext,
  ): Promise<Connection<TeamMember>> {
    return pageById(em, TeamMember, { team: { id } }, page);
  }

  @FieldResolver(() => TeamInvitationConnection, { description: 'Whom the team invited, also what came of it.' })
  @RequiresScopes('team:read')
  invitations(
    @Root() { id }: Team,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() { em }: GuardedContext,
  ): Promise<Connection<TeamInvitation>> {
    return pageById(em, TeamInvitation, { team: { id } }, page);
  }
}

@Resolver(() => TeamMemberType)
export class TeamMemberResolver {
  @FieldResolver(() => String, { description: "The operator's id: `op_…`, as `viewer { id }` answers him." })
  operatorId(@Root() { operator }: TeamMember): string {
    return operator.id;
  }

  @FieldResolver(() => String, { description: 'The name that he gave himself.' })
  name(@Root() { operator }: TeamMember): string {
    return operator.name;
  }

  @FieldResolver(() => String, { description: 'The address that he signs in with, in lower case.' })
  email(@Root() { operator }: TeamMember): string {
    return operator.email;
  }
}

@Resolver(() => TeamInvitationType)
export class TeamInvitationResolver {
  @FieldResolver()
  status(@Root() { status, expiresAt }: TeamInvitation): InvitationStatus {
    if (status === 'pending') return expiresAt <= new Date() ? 'EXPIRED' : 'PENDING';
    return status === 'accepted' ? 'ACCEPTED' : 'REVOKED';
  }
}
