import { keyScopes, operatorScopes, type Scope, scopes } from './scopes.ts';

/** What an operator is in a team. */
export const roles = ['OWNER', 'ADMIN', 'MEMBER', 'VIEWER'] as const;
export type Role = (typeof roles)[number];

const reads = scopes.filter((scope) => scope.endsWith(':read'));
const ownersOnly: readonly Scope[] = ['team:transfer'];

/** The rights that each role gives. A new scope falls into place by its name: reads for all, a key's writes from MEMBER on. */
const scopesOf: Record<Role, ReadonlySet<string>> = {
  VIEWER: new Set(reads),
  MEMBER: new Set([...reads, ...keyScopes]),
  ADMIN: new Set([...reads, ...keyScopes, ...operatorScopes.filter((scope) => !ownersOnly.includes(scope))]),
  OWNER: new Set(scopes),
};

export const scopesOfRole = (role: Role): ReadonlySet<string> => scopesOf[role];
