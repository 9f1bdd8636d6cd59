import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import { environments } from '../../environment.ts';
import { unauthenticated } from '../../errors.ts';
import type { Principal, ProjectPrincipal } from '../access/principal.ts';
import type { RevokedKeys } from '../access/revoked-keys.ts';
import { frontendScopes } from '../access/scopes.ts';
import type { SigningKeys } from './signing-keys.ts';

const audience = 'billgraph';
const type = 'billgraph-customer+jwt';

/** The token's own lifetime: both instants by one reading of the clock. */
type Lifetime = { issuedAt: Date; expiresAt: Date };

type Claims = Pick<ProjectPrincipal, 'teamId' | 'projectId' | 'environment'> & {
  customerId: string;
  scopes: readonly string[];
  /** The API key that mints it: with the key ends the token. Null where an operator does. */
  keyId: string | null;
};

/** Signs a token (EdDSA) that speaks for one customer until `expiresAt`. */
export async function signCustomerToken(
  { signingKeys }: { signingKeys: SigningKeys },
  { customerId, teamId, projectId, environment, scopes, keyId, issuedAt, expiresAt }: Claims & Lifetime,
): Promise<string> {
  const { kid, privateKey } = await signingKeys.current();
  const azp = keyId ?? undefined;
  return new SignJWT({ team: teamId, project: projectId, environment, scope: scopes.join(' '), azp })
    .setProtectedHeader({ alg: 'EdDSA', kid, typ: type })
    .setSubject(customerId)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(privateKey);
}

/** Whether a credential says of itself that we signed it. */
export function saysItIsOurs(credential: string): boolean {
  try {
    return decodeProtectedHeader(credential).typ === type;
  } catch {
    return false;
  }
}

/** Whether a credential has the form of a JWT. */
export const looksLikeJwt = (credential: string) => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(credential);

/** @throws Refusal UNAUTHENTICATED for a token that is not ours, was altered, has expired, or was minted by a key that is revoked. */
export async function customerTokenPrincipal(
  { signingKeys, revokedKeys }: { signingKeys: SigningKeys; revokedKeys: RevokedKeys },
  token: string,
): Promise<Principal> {
  const claims = await verify(signingKeys, token);
  const keyId = typeof claims.azp === 'string' ? claims.azp : undefined;
  if (keyId !== undefined && (await revokedKeys.has(keyId)))
    throw unauthenticated('The API key that minted this token was revoked. Mint a new one by another key.');
  const environment = environments.find((one) => one === claims.environment);
  if (!environment || !claims.sub) throw neitherKeyNorToken();
  const granted = String(claims.scope ?? '').split(' ');
  return {
    kind: 'CUSTOMER_TOKEN',
    id: claims.sub,
    teamId: String(claims.team),
    projectId: String(claims.project),
    projectIds: [String(claims.project)],
    environment,
    customerId: claims.sub,
    role: null,
    scopes: new Set(granted.filter((scope) => frontendScopes.some((allowed) => allowed === scope))),
    keyId,
  };
}

async function verify(signingKeys: SigningKeys, token: string) {
  try {
    const { kid } = decodeProtectedHeader(token);
    const key = kid ? await signingKeys.publicKey(kid) : undefined;
    if (!key) throw neitherKeyNorToken();
    const { payload } = await jwtVerify(token, key, { algorithms: ['EdDSA'], audience, typ: type });
    return payload;
  } catch (failure) {
    if (failure instanceof errors.JWTExpired)
      throw unauthenticated('This customer token has expired. Mint a new one with createCustomerToken.');
    if (failure instanceof errors.JOSEError || failure instanceof TypeError) throw neitherKeyNorToken();
    throw failure;
  }
}

export const neitherKeyNorToken = () =>
  unauthenticated('This is neither an API key (bs_test_…, bs_live_…) nor a valid customer token.');
