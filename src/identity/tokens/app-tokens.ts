import type { EntityManager } from '@mikro-orm/core';
import {
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { LRUCache } from 'lru-cache';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { unauthenticated } from '../../errors.ts';
import type { OutgoingFetch } from '../../outgoing/addresses/outgoing-fetch.ts';
import { ProjectSettings } from '../../tenancy/projects/project-settings.entity.ts';
import type { Principal } from '../access/principal.ts';
import { frontendScopes } from '../access/scopes.ts';
import { neitherKeyNorToken } from './customer-token.ts';

export type AppTokens = {
  /**
   * Whom a token of an app's own speaks for: the customer whose external id it carries.
   * @param named the project and environment in the request's headers.
   * @throws Refusal UNAUTHENTICATED for a token that no project registered, that is not signed as registered, is expired, or
   * whose customer there is not.
   */
  principalOf(token: string, named: Named): Promise<Principal>;
};

type Named = { projectId?: string; environment?: string };

type Issuer = Pick<ProjectSettings, 'projectId' | 'environment' | 'tokenAlgorithms' | 'tokenCustomerClaim'> & {
  teamId: string;
  audience: string;
  scopes: ReadonlySet<string>;
  keys: JWTVerifyGetKey;
};

/** How long what was looked up of an issuer or a customer is good for, in milliseconds. */
const knownFor = 5_000;

export function createAppTokens({ em, outgoingFetch }: { em: EntityManager; outgoingFetch: OutgoingFetch }): AppTokens {
  const issuers = new LRUCache<string, Issuer[]>({ max: 1_000, ttl: knownFor });
  const customers = new LRUCache<string, string>({ max: 10_000, ttl: knownFor });
  const keySets = new LRUCache<string, JWTVerifyGetKey>({ max: 1_000 });

  async function principalOf(token: string, named: Named): Promise<Principal> {
    const { issuer, claims } = await verify(token, named);
    const externalId = claims[issuer.tokenCustomerClaim];
    if (typeof externalId !== 'string' || !externalId)
      throw unauthenticated(`The token has no claim ${issuer.tokenCustomerClaim} with the customer's external id.`);
    const customerId = await customerOf(issuer, externalId);
    const { teamId, projectId, environment, scopes } = issuer;
    const projectIds = [projectId];
    return {
      role: null,
      kind: 'CUSTOMER_TOKEN',
      id: customerId,
      teamId,
      projectId,
      projectIds,
      environment,
      customerId,
      scopes,
      // Demanded of each.
      expiresAt: new Date(claims.exp! * 1_000),
    };
  }

  async function verify(token: string, named: Named): Promise<{ issuer: Issuer; claims: JWTPayload }> {
    const { iss, aud } = readClaims(token);
    // Claims are what anybody wrote, of any type, until the signature is checked.
    const known = typeof iss === 'string' ? await issuersOf(iss) : [];
    const issuer = chosenOf(
      known.filter(({ audience }) => [aud].flat().includes(audience)),
      named,
    );
    const { audience, tokenAlgorithms: algorithms } = issuer;
    const options = { issuer: iss, audience, algorithms, requiredClaims: ['exp'] };
    const { payload } = await jwtVerify(token, issuer.keys, options).catch((failure) => {
      if (failure instanceof errors.JWTExpired) throw unauthenticated('This token has expired.');
      if (failure instanceof errors.JOSEError || failure instanceof TypeError)
        throw unauthenticated(`This token does not hold: ${failure.message}.`);
      throw unauthenticated("The keys of this token's issuer cannot be read. Check the jwksUrl of the project.");
    });
    return { issuer, claims: payload };
  }

  async function issuersOf(name: string): Promise<Issuer[]> {
    const known = issuers.get(name);
    if (known) return known;
    const rows = name.includes('\0')
      ? []
      : await em.fork().find(ProjectSettings, { tokenIssuer: name }, { orderBy: firstComeFirst });
    const found = rows.map((row) => ({
      projectId: row.projectId,
      environment: row.environment,
      tokenAlgorithms: row.tokenAlgorithms,
      tokenCustomerClaim: row.tokenCustomerClaim,
      teamId: row.tokenTeamId!,
      audience: row.tokenAudience!,
      scopes: new Set(row.tokenScopes.filter((scope) => frontendScopes.some((allowed) => allowed === scope))),
      keys: keysAt(row.tokenJwksUrl!),
    }));
    issuers.set(name, found);
    return found;
  }

  /** Fetched when a key is first needed, then kept, and asked again for an unknown key at most each half minute. */
  function keysAt(url: string): JWTVerifyGetKey {
    const known = keySets.get(url);
    if (known) return known;
    const keys = createRemoteJWKSet(new URL(url), {
      [customFetch]: (address, { headers, signal }) => outgoingFetch(address, { headers, signal }),
    });
    keySets.set(url, keys);
    return keys;
  }

  async function customerOf({ projectId, environment }: Issuer, externalId: string): Promise<string> {
    const key = JSON.stringify([projectId, environment, externalId]);
    const known = customers.get(key);
    if (known) return known;
    const where = { projectId, environment, externalId, stripeCustomerId: { $ne: null }, deletedAt: null };
    const row = externalId.includes('\0') ? null : await em.fork().findOne(Customer, where, { fields: ['id'] });
    if (!row) throw unauthenticated('The project has no customer with the external id in this token. Create it first.');
    customers.set(key, row.id);
    return row.id;
  }

  return { principalOf };
}

const firstComeFirst = { tokenSince: 'asc', projectId: 'asc', environment: 'asc' } as const;

/**
 * Which registration is meant. Any team may register any issuer, audience and address of public keys, and which of them is the
 * app's nobody can tell: so what another team registers changes nothing for who names his project, and nothing for who came
 * first. Who came later is told to name it (`mustNameProject`).
 * @param matching those of the token's issuer that name one of its audiences, who came first before the others.
 */
function chosenOf(matching: Issuer[], { projectId, environment }: Named): Issuer {
  const [first, ...others] = matching.filter(
    (one) => one.projectId === (projectId ?? one.projectId) && one.environment === (environment ?? one.environment),
  );
  if (!first) throw unauthenticated("No project that is meant has registered this token's issuer and audience.");
  if (others.some(({ teamId }) => teamId === first.teamId))
    throw unauthenticated(
      'The audiences of this token are of several projects. Name one alone, or the project in the header Billgraph-Project, and its Billgraph-Environment.',
    );
  return first;
}

function readClaims(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    throw neitherKeyNorToken();
  }
}
