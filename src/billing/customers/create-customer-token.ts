import type { EntityManager } from '@mikro-orm/core';
import { badInput, forbidden } from '../../errors.ts';
import type { Principal, ProjectPrincipal } from '../../identity/access/principal.ts';
import { frontendScopes, type Scope } from '../../identity/access/scopes.ts';
import { signCustomerToken } from '../../identity/tokens/customer-token.ts';
import type { SigningKeys } from '../../identity/tokens/signing-keys.ts';
import { findCustomer } from './find-customer.ts';

const defaultTtl = 15 * 60;
const longestTtl = 24 * 60 * 60;

/**
 * Mints a token that speaks for one customer.
 * @param input.ttl seconds, 15 minutes by default, at most 24 hours.
 * @throws Refusal BAD_USER_INPUT for a ttl out of range or a scope that a frontend may not hold; FORBIDDEN for one that the
 * caller does not hold itself; NOT_FOUND.
 */
export async function createCustomerToken(
  { em, signingKeys }: { em: EntityManager; signingKeys: SigningKeys },
  caller: ProjectPrincipal,
  input: { customerId: string; ttl?: number | null; scopes: string[] },
): Promise<{ token: string; expiresAt: Date }> {
  const ttl = input.ttl ?? defaultTtl;
  if (ttl < 1 || ttl > longestTtl) throw badInput(`A token lives from 1 to ${longestTtl} seconds.`, 'ttl');
  checkScopes(input.scopes, caller);

  const { teamId, projectId, environment } = caller;
  const customer = await findCustomer({ em }, caller, input.customerId);

  const now = Math.floor(Date.now() / 1000);
  const lifetime = { issuedAt: new Date(now * 1000), expiresAt: new Date((now + ttl) * 1000) };
  const keyId = caller.keyId ?? null;
  const claims = { customerId: customer.id, teamId, projectId, environment, scopes: input.scopes, keyId, ...lifetime };
  return { token: await signCustomerToken({ signingKeys }, claims), expiresAt: lifetime.expiresAt };
}

function checkScopes(wanted: string[], caller: Principal) {
  const isForFrontends = (scope: string) => frontendScopes.includes(scope as Scope);
  const backendOnly = wanted.filter((scope) => !isForFrontends(scope));
  if (backendOnly.length)
    throw badInput(
      `A frontend cannot hold ${backendOnly.join(', ')}. It can hold ${frontendScopes.join(', ')}.`,
      'scopes',
    );
  const missing = wanted.filter((scope) => !caller.scopes.has(scope));
  if (missing.length)
    throw forbidden(`Your key cannot grant what it does not hold: ${missing.join(', ')}.`, {
      requiredScopes: [wanted],
      missingScopes: missing,
    });
}
