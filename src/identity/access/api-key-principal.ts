import type DataLoader from 'dataloader';
import { badInput, forbidden, unauthenticated } from '../../errors.ts';
import { isAllowed } from './allowed-addresses.ts';
import { hashApiKey, isWellFormedApiKey } from './api-key-format.ts';
import type { KnownApiKey } from './api-keys.loader.ts';
import type { Principal } from './principal.ts';

/**
 * Whom an API key speaks for.
 * @param projectId the project that the request names (header `Billgraph-Project`): needed where the key has several.
 * @throws Refusal UNAUTHENTICATED for a mistyped, unknown, expired or revoked key; FORBIDDEN from an
 * address that it may not come from; BAD_USER_INPUT for a project it does not have.
 */
export async function apiKeyPrincipal(
  { apiKeys }: { apiKeys: DataLoader<string, KnownApiKey | null> },
  { secret, projectId, address }: { secret: string; projectId?: string; address: string },
): Promise<Principal> {
  if (!isWellFormedApiKey(secret))
    throw unauthenticated('This API key is mistyped: its checksum does not fit. Copy it again.');
  const key = await apiKeys.load(hashApiKey(secret));
  if (!key) throw unauthenticated('This API key does not exist.');
  if (key.revokedAt) throw unauthenticated('This API key was revoked. Use another one.');
  if (key.expiresAt && key.expiresAt <= new Date())
    throw unauthenticated('This API key has expired. Create a new one.');
  if (!isAllowed(key.allowedAddresses, address))
    throw forbidden(`This API key may not be used from ${address}: it is not among its allowed addresses.`);
  const { id, teamId, environment, scopes, ownLimits, expiresAt } = key;
  return {
    kind: 'API_KEY',
    id,
    keyId: id,
    teamId,
    projectId: chosen(key.projectIds, projectId),
    projectIds: key.projectIds,
    environment,
    customerId: null,
    role: null,
    scopes,
    ownLimits,
    expiresAt: expiresAt ?? undefined,
  };
}

function chosen(projectIds: string[], wanted?: string): string {
  const [only, ...others] = projectIds;
  if (!only) throw unauthenticated('This API key has no project.');
  if (wanted) {
    if (projectIds.includes(wanted)) return wanted;
    throw badInput('This API key does not reach the project in the header Billgraph-Project.', 'Billgraph-Project');
  }
  if (others.length)
    throw badInput('This API key has several projects: name one in the header Billgraph-Project.', 'Billgraph-Project');
  return only;
}
