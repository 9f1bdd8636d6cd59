import type DataLoader from 'dataloader';
import { unauthenticated } from '../errors.ts';
import { looksLikeApiKey } from './api-key-format.ts';
import { apiKeyPrincipal } from './api-key-principal.ts';
import type { KnownApiKey } from './api-keys.loader.ts';
import { customerTokenPrincipal } from './customer-token.ts';
import type { Principal } from './principal.ts';
import type { SigningKeys } from './signing-keys.ts';

export type Credentials = { authorization?: string; projectId?: string };

/**
 * Whom a request speaks for; null where it brings no credential.
 * @throws Refusal UNAUTHENTICATED where it brings one that does not hold.
 */
export async function authenticate(
  tools: { apiKeys: DataLoader<string, KnownApiKey | null>; signingKeys: SigningKeys },
  { authorization, projectId }: Credentials,
): Promise<Principal | null> {
  if (authorization === undefined) return null;
  const [, credential] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
  if (!credential) throw unauthenticated('The header must read `Authorization: Bearer <API key or customer token>`.');
  if (looksLikeApiKey(credential)) return apiKeyPrincipal(tools, { secret: credential, projectId });
  return customerTokenPrincipal(tools, credential);
}
