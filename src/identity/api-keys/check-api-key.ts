import { badInput, notFound } from '../../errors.ts';
import { isNetwork } from '../../is-network.ts';
import { type KeyScope, keyScopes } from '../access/scopes.ts';

const mostNetworks = 50;

/** @throws Refusal BAD_USER_INPUT for a scope that there is not, or that a key cannot hold. */
export function checkScopes(scopes: readonly string[]): KeyScope[] {
  for (const [index, scope] of scopes.entries())
    if (!keyScopes.some((known) => known === scope))
      throw badInput(`An API key cannot hold this scope. It can hold ${keyScopes.join(', ')}.`, `scopes.${index}`);
  return [...new Set(scopes as KeyScope[])];
}

/** @throws Refusal NOT_FOUND for a project that is none of the team; BAD_USER_INPUT where there is none. */
export function checkProjects(projectIds: readonly string[], ofTeam: readonly string[]): string[] {
  if (!projectIds.length) throw badInput('An API key needs a project at least.', 'projectIds');
  for (const [index, id] of projectIds.entries())
    if (!ofTeam.includes(id)) throw notFound('project', `projectIds.${index}`);
  return [...new Set(projectIds)];
}

/** @throws Refusal BAD_USER_INPUT for an instant that is past. */
export function checkExpiry(expiresAt: Date | null | undefined): Date | null {
  if (expiresAt && expiresAt <= new Date()) throw badInput('This instant is past.', 'expiresAt');
  return expiresAt ?? null;
}

/** @throws Refusal BAD_USER_INPUT for what is neither an address nor a network. */
export function checkNetworks(networks: readonly string[]): string[] {
  if (networks.length > mostNetworks) throw badInput(`At most ${mostNetworks} networks are allowed.`, 'allowedIps');
  for (const [index, network] of networks.entries())
    if (!isNetwork(network))
      throw badInput('Write an IP address or a network, such as 203.0.113.7 or 10.0.0.0/8.', `allowedIps.${index}`);
  return [...new Set(networks)];
}
