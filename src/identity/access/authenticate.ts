import type { EntityManager } from '@mikro-orm/core';
import type DataLoader from 'dataloader';
import { unauthenticated } from '../../errors.ts';
import { checkSameSite, type RequestSite } from '../operators/check-same-site.ts';
import { operatorPrincipal, type Workplace } from '../operators/operator-principal.ts';
import type { OperatorSessions, SignedIn } from '../operators/operator-sessions.ts';
import { isAccessToken } from '../tokens/access-token.ts';
import type { AppTokens } from '../tokens/app-tokens.ts';
import { customerTokenPrincipal, looksLikeJwt, saysItIsOurs } from '../tokens/customer-token.ts';
import type { SigningKeys } from '../tokens/signing-keys.ts';
import { looksLikeApiKey } from './api-key-format.ts';
import { apiKeyPrincipal } from './api-key-principal.ts';
import type { KnownApiKey } from './api-keys.loader.ts';
import type { Principal } from './principal.ts';
import type { RevokedKeys } from './revoked-keys.ts';

export type Credentials = Workplace & {
  authorization?: string;
  cookie?: string;
  site: RequestSite;
  /** The IP address that asks. */
  address: string;
};

export type AuthenticationTools = {
  em: EntityManager;
  apiKeys: DataLoader<string, KnownApiKey | null>;
  revokedKeys: RevokedKeys;
  signingKeys: SigningKeys;
  appTokens: AppTokens;
  sessions: OperatorSessions;
  /** The origins whose pages may use an operator's session. */
  ownOrigins: readonly string[];
};

/** Whom a request speaks for. An operator in no team is signed in, and still no principal. */
export type Authenticated = { principal: Principal | null; operator: SignedIn | null };

/**
 * Whom a request speaks for; nobody where it brings no credential. The header wins over a cookie beside it.
 * @throws Refusal UNAUTHENTICATED where it brings one that does not hold; FORBIDDEN for a cookie that comes from another site;
 * BAD_USER_INPUT or NOT_FOUND where the project or team that it names is not the credential's.
 */
export async function authenticate(tools: AuthenticationTools, credentials: Credentials): Promise<Authenticated> {
  const { authorization, cookie, site } = credentials;
  if (authorization !== undefined)
    return { principal: await bearerPrincipal(tools, authorization, credentials), operator: null };
  if (cookie === undefined || !tools.sessions.isIn(cookie)) return { principal: null, operator: null };

  checkSameSite(tools.ownOrigins, site);
  const session = await tools.sessions.find(cookie);
  if (!session) throw unauthenticated('This session has ended. Sign in again.');
  const { operator, activeTeamId } = session;
  const principal = await operatorPrincipal(tools, { operatorId: operator.id, activeTeamId }, credentials);
  return { principal, operator };
}

async function bearerPrincipal(tools: AuthenticationTools, authorization: string, credentials: Credentials) {
  const { projectId, address } = credentials;
  const [, credential] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
  if (!credential) throw unauthenticated('The header must read `Authorization: Bearer <API key or customer token>`.');
  if (looksLikeApiKey(credential)) return apiKeyPrincipal(tools, { secret: credential, projectId, address });
  if (isAccessToken(credential))
    throw unauthenticated(
      'An access token is no credential: your own servers check it. Send an API key or a customer token.',
    );
  if (looksLikeJwt(credential) && !saysItIsOurs(credential))
    return tools.appTokens.principalOf(credential, credentials);
  return customerTokenPrincipal(tools, credential);
}
