import { enumOf } from '../../graphql/enum-of.ts';
import type { Role } from '../../identity/access/roles.ts';

export const RoleEnum = enumOf<Role>('Role', 'What an operator is in a team, and with that what he may do.', {
  OWNER: 'Everything. A team always has one.',
  ADMIN: 'Everything but handing the team over, and making, changing and removing owners.',
  MEMBER: 'Everything that an API key may do, and seeing what concerns the team.',
  VIEWER: 'Seeing everything, changing nothing.',
});
