import { decodeProtectedHeader, SignJWT } from 'jose';
import type { Environment } from '../../environment.ts';
import type { SigningKeys } from './signing-keys.ts';

/** Its own, so that it is never taken for a customer token, nor one for it. */
const type = 'billgraph-access+jwt';

/**
 * What a customer has of a feature: true; of what has options, the option; of a limit, how much, as decimals in text. A `limit` of null is none; `used`,
 * `remaining` and `resetsAt` (in seconds since 1970) are there where a meter counts.
 */
export type FeatureClaim =
  | true
  | string
  | { limit: string | null; used?: string; remaining?: string | null; resetsAt?: number };

export type AccessClaims = {
  customerId: string;
  projectId: string;
  environment: Environment;
  /** By key; what the customer has not is not there. */
  features: Record<string, FeatureClaim>;
  version: number;
};

/** Signs what a customer may use (EdDSA), for whoever checks it without asking us. It is no credential here. */
export async function signAccessToken(
  { signingKeys, issuer }: { signingKeys: SigningKeys; issuer: string },
  { customerId, projectId, environment, features, version }: AccessClaims,
  { issuedAt, expiresAt }: { issuedAt: Date; expiresAt: Date },
): Promise<string> {
  const { kid, privateKey } = await signingKeys.current();
  return new SignJWT({ project: projectId, environment, features, version })
    .setProtectedHeader({ alg: 'EdDSA', kid, typ: type })
    .setSubject(customerId)
    .setIssuer(issuer)
    .setAudience(`${projectId}/${environment}`)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(privateKey);
}

/** Whether a credential says of itself that it is an access token. */
export function isAccessToken(credential: string): boolean {
  try {
    return decodeProtectedHeader(credential).typ === type;
  } catch {
    return false;
  }
}
