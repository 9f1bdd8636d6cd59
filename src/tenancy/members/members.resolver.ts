import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { MutationContext } from '../../graphql/graph-context.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import type { Role } from '../../identity/access/roles.ts';
import { leaveTeam } from './leave-team.ts';
import { TeamMemberType } from './member.type.ts';
import { removeMember } from './remove-member.ts';
import { RoleEnum } from './role.type.ts';
import type { TeamMember } from './team-member.entity.ts';
import { transferOwnership } from './transfer-ownership.ts';
import { updateMemberRole } from './update-member-role.ts';

@InputType('UpdateMemberRoleInput', { description: "A member's new role." })
export class UpdateMemberRoleInput extends MutationInput {
  @Field(() => ID, { description: 'Who: `mem_…`.' })
  memberId!: string;

  @Field(() => RoleEnum, { description: 'What he shall be.' })
  role!: Role;
}

@ObjectType('UpdateMemberRolePayload', { simpleResolvers: true, description: 'What updateMemberRole answers.' })
export class UpdateMemberRolePayload {
  @Field(() => TeamMemberType, { description: 'The member as he is now.' })
  member!: TeamMember;
}

@InputType('RemoveMemberInput', { description: 'Who is removed.' })
export class RemoveMemberInput extends MutationInput {
  @Field(() => ID, { description: 'Who: `mem_…`.' })
  memberId!: string;
}

@ObjectType('RemoveMemberPayload', { simpleResolvers: true, description: 'What removeMember answers.' })
export class RemoveMemberPayload {
  @Field(() => ID, { description: 'The membership that is no more.' })
  memberId!: string;
}

@InputType('LeaveTeamInput', { description: 'Which team is left.' })
export class LeaveTeamInput extends MutationInput {
  @Field(() => ID, { description: 'The team of this request, so that none is left by mistake: `team_…`.' })
  teamId!: string;
}

@ObjectType('LeaveTeamPayload', { simpleResolvers: true, description: 'What leaveTeam answers.' })
export class LeaveTeamPayload {
  @Field(() => ID, { description: 'The team that was left.' })
  teamId!: string;
}

@InputType('TransferOwnershipInput', { description: 'Who owns the team from now on.' })
export class TransferOwnershipInput extends MutationInput {
  @Field(() => ID, { description: 'Another member: `mem_…`.' })
  memberId!: string;
}

@ObjectType('TransferOwnershipPayload', { simpleResolvers: true, description: 'What transferOwnership answers.' })
export class TransferOwnershipPayload {
  @Field(() => TeamMemberType, { description: 'The new owner.' })
  owner!: TeamMember;
}

@Resolver()
export class MembersResolver {
  @Mutation(() => UpdateMemberRolePayload, {
    description:
      "Changes what a member may do, from his next request on. `NOT_FOUND` for who is not in the team; `FORBIDDEN` where an admin makes or demotes an owner; `CONFLICT` for the team's last owner.",
  })
  @RequiresScopes('members:write')
  async updateMemberRole(
    @Arg('input', () => UpdateMemberRoleInput, { description: 'Who, and what.' }) input: UpdateMemberRoleInput,
    @Ctx() { operation, principal }: MutationContext,
  ): Promise<UpdateMemberRolePayload> {
    return { member: await operation.write((em) => updateMemberRole({ em }, principal, input)) };
  }

  @Mutation(() => RemoveMemberPayload, {
    description:
      "Ends a membership; his next request in the team is refused. `NOT_FOUND` for who is not in the team; `FORBIDDEN` where an admin removes an owner; `CONFLICT` for the team's last owner.",
  })
  @RequiresScopes('members:write')
  async removeMember(
    @Arg('input', () => RemoveMemberInput, { description: 'Who.' }) { memberId }: RemoveMemberInput,
    @Ctx() { operation, principal }: MutationContext,
  ): Promise<RemoveMemberPayload> {
    await operation.write((em) => removeMember({ em }, principal, memberId));
    return { memberId };
  }

  @Mutation(() => LeaveTeamPayload, {
    description:
      "Ends the operator's own membership. `NOT_FOUND` for another team than that of the request; `CONFLICT` for the team's last owner, who makes somebody else one first.",
  })
  @RequiresScopes('team:read')
  async leaveTeam(
    @Arg('input', () => LeaveTeamInput, { description: 'Which team.' }) { teamId }: LeaveTeamInput,
    @Ctx() { operation, principal }: MutationContext,
  ): Promise<LeaveTeamPayload> {
    await operation.write((em) => leaveTeam({ em }, principal, teamId));
    return { teamId };
  }

  @Mutation(() => TransferOwnershipPayload, {
    description:
      'Makes another member an owner, and the owner who asks an admin. `NOT_FOUND` for who is not in the team; `CONFLICT` where it is himself.',
  })
  @RequiresScopes('team:transfer')
  async transferOwnership(
    @Arg('input', () => TransferOwnershipInput, { description: 'To whom.' }) { memberId }: TransferOwnershipInput,
    @Ctx() { operation, principal }: MutationContext,
  ): Promise<TransferOwnershipPayload> {
    return { owner: await operation.write((em) => transferOwnership({ em }, principal, memberId)) };
  }
}
