import { Field, ID, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enum-of.ts';
import type { Role } from '../../identity/access/roles.ts';
import { RoleEnum } from './role.type.ts';

@ObjectType('TeamMember', { description: 'An operator in a team.' })
export class TeamMemberType {
  @Field(() => ID, { description: 'Our id of the membership: `mem_…`.' })
  id!: string;

  @Field(() => RoleEnum, { description: 'What he is in the team.' })
  role!: Role;

  @Field(() => Date, { description: 'When he joined.' })
  createdAt!: Date;
}

export type InvitationStatus = 'PENDING' | 'ACCEPTED' | 'REVOKED' | 'EXPIRED';

const InvitationStatusEnum = enumOf<InvitationStatus>('InvitationStatus', 'What became of an invitation.', {
  PENDING: 'Its link lets somebody in.',
  ACCEPTED: 'Somebody joined by it.',
  REVOKED: 'It was taken back, or replaced by a newer one.',
  EXPIRED: 'Nobody used it in time.',
});

@ObjectType('TeamInvitation', { description: 'Somebody may join a team under this address, once.' })
export class TeamInvitationType {
  @Field(() => ID, { description: 'Our id: `invite_…`.' })
  id!: string;

  @Field(() => String, { description: 'Who may join, in lower case.' })
  email!: string;

  @Field(() => RoleEnum, { description: 'What he will be in the team.' })
  role!: Role;

  @Field(() => InvitationStatusEnum, { description: 'What became of it.' })
  status!: InvitationStatus;

  @Field(() => Date, { description: 'When its link stops working: seven days after it was made.' })
  expiresAt!: Date;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;
}

export const TeamMemberConnection = connectionOf('TeamMember', () => TeamMemberType);
export const TeamInvitationConnection = connectionOf('TeamInvitation', () => TeamInvitationType);
