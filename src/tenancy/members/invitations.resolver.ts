import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { unauthenticated } from '../../errors.ts';
import type { GraphContext, MutationContext } from '../../graphql/graph-context.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { Public, RequiresScopes } from '../../graphql/requires-scopes.ts';
import type { Role } from '../../identity/access/roles.ts';
import { acceptInvitation } from './accept-invitation.ts';
import { inviteMember } from './invite-member.ts';
import { TeamInvitationType, TeamMemberType } from './member.type.ts';
import { revokeInvitation } from './revoke-invitation.ts';
import { RoleEnum } from './role.type.ts';
import type { TeamInvitation } from './team-invitation.entity.ts';
import type { TeamMember } from './team-member.entity.ts';

@InputType('InviteMemberInput', { description: 'Who is invited.' })
export class InviteMemberInput extends MutationInput {
  @Field(() => String, { description: 'The address that may join. Case does not matter.' })
  email!: string;

  @Field(() => RoleEnum, { description: 'What he will be in the team.' })
  role!: Role;
}

@ObjectType('InviteMemberPayload', { simpleResolvers: true, description: 'What inviteMember answers.' })
export class InviteMemberPayload {
  @Field(() => TeamInvitationType, { description: 'The invitation.' })
  invitation!: TeamInvitation;

  @Field(() => String, {
    description:
      'The page where the invited person joins, with a secret in it that works once. Billgraph sends no mail: hand it over yourself. It is not kept: invite again where it is lost.',
  })
  url!: string;
}

@InputType('RevokeInvitationInput', { description: 'Which invitation ends.' })
export class RevokeInvitationInput extends MutationInput {
  @Field(() => ID, { description: 'Which: `invite_…`.' })
  invitationId!: string;
}

@ObjectType('RevokeInvitationPayload', { simpleResolvers: true, description: 'What revokeInvitation answers.' })
export class RevokeInvitationPayload {
  @Field(() => TeamInvitationType, { description: 'The invitation as it is now.' })
  invitation!: TeamInvitation;
}

@InputType('AcceptInvitationInput', { description: 'Which invitation is accepted.' })
export class AcceptInvitationInput extends MutationInput {
  @Field(() => String, { description: 'The secret of the link: what stands after `token=`.' })
  token!: string;
}

@ObjectType('AcceptInvitationPayload', { simpleResolvers: true, description: 'What acceptInvitation answers.' })
export class AcceptInvitationPayload {
  @Field(() => ID, { description: 'The team: `team_…`, for the header `Billgraph-Team`.' })
  teamId!: string;

  @Field(() => TeamMemberType, { description: 'The new member.' })
  member!: TeamMember;
}

@Resolver()
export class InvitationsResolver {
  @Mutation(() => InviteMemberPayload, {
    description:
      'Lets an address join the team, within seven days; an older invitation of it ends. `BAD_USER_INPUT` for an address that is none; `FORBIDDEN` where an admin invites an owner; `CONFLICT` where he is in the team.',
  })
  @RequiresScopes('members:write')
  async inviteMember(
    @Arg('input', () => InviteMemberInput, { description: 'Who.' }) input: InviteMemberInput,
    @Ctx() { operation, principal, installation }: MutationContext,
  ): Promise<InviteMemberPayload> {
    const { invitation, token } = await operation.write((em) => inviteMember({ em }, principal, input));
    return { invitation, url: `${new URL(installation.publicUrl).origin}/auth/invitation?token=${token}` };
  }

  @Mutation(() => RevokeInvitationPayload, {
    description:
      "Ends an invitation: its link opens nothing more. `NOT_FOUND` for another team's; `FORBIDDEN` where an admin ends that of an owner; `CONFLICT` where it was accepted.",
  })
  @RequiresScopes('members:write')
  async revokeInvitation(
    @Arg('input', () => RevokeInvitationInput, { description: 'Which.' }) { invitationId }: RevokeInvitationInput,
    @Ctx() { operation, principal }: MutationContext,
  ): Promise<RevokeInvitationPayload> {
    return { invitation: await operation.write((em) => revokeInvitation({ em }, principal, invitationId)) };
  }

  @Mutation(() => AcceptInvitationPayload, {
    description:
      'Joins a team as the operator who is signed in, who may be in no team yet; somebody new uses the page of the link. `UNAUTHENTICATED` for who is not signed in, also with an API key; `NOT_FOUND` for a token that was used, revoked or has expired; `FORBIDDEN` where another address was invited; `CONFLICT` where he is in the team.',
  })
  @Public()
  async acceptInvitation(
    @Arg('input', () => AcceptInvitationInput, { description: 'Which.' }) { token }: AcceptInvitationInput,
    @Ctx() { operation, operator, principal, origin }: GraphContext & Pick<MutationContext, 'operation'>,
  ): Promise<AcceptInvitationPayload> {
    if (!operator) throw unauthenticated('Sign in first, as the one who was invited.');
    const asking = { operatorId: operator.id };
    return operation.write((em) => acceptInvitation({ em, origin: principal ? null : origin }, token, asking));
  }
}
