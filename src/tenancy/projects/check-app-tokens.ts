import { checkText } from '../../check-input.ts';
import { badInput } from '../../errors.ts';
import { frontendScopes, type Scope } from '../../identity/access/scopes.ts';

/** How the app's own tokens are known. */
export type AppTokens = {
  issuer: string;
  audience: string;
  jwksUrl: string;
  algorithms?: string[] | null;
  customerClaim?: string | null;
  scopes: string[];
};

/** Only signatures that the public key checks: with a secret one, whoever can check a token can make one. */
export const appTokenAlgorithms = [
  'EdDSA',
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
];

const none = {
  tokenIssuer: null,
  tokenAudience: null,
  tokenJwksUrl: null,
  tokenAlgorithms: [],
  tokenScopes: [],
  tokenTeamId: null,
  tokenSince: null,
};

/** As it was registered before, if it was. */
type Registered = { tokenIssuer?: string | null; tokenSince?: Date | null };

/**
 * The columns for an app's tokens; null for none.
 * @throws Refusal BAD_USER_INPUT with the field.
 */
export function checkAppTokens(
  tokens: AppTokens | null,
  { allowPrivateAddresses, teamId, before }: { allowPrivateAddresses: boolean; teamId: string; before: Registered },
) {
  if (!tokens) return { ...none, tokenCustomerClaim: 'sub' };
  const tokenIssuer = checkText(tokens.issuer, 'appTokens.issuer', { max: 500 });
  const columns = {
    tokenIssuer,
    tokenAudience: checkText(tokens.audience, 'appTokens.audience', { max: 500 }),
    tokenJwksUrl: checkJwksUrl(tokens.jwksUrl, allowPrivateAddresses),
    tokenAlgorithms: tokens.algorithms ?? ['EdDSA', 'ES256', 'RS256'],
    tokenCustomerClaim: checkText(tokens.customerClaim ?? 'sub', 'appTokens.customerClaim', { max: 100 }),
    tokenScopes: tokens.scopes,
    tokenTeamId: teamId,
    tokenSince: (before.tokenIssuer === tokenIssuer && before.tokenSince) || new Date(),
  };
  const unknown = columns.tokenAlgorithms.find((algorithm) => !appTokenAlgorithms.includes(algorithm));
  if (unknown !== undefined || !columns.tokenAlgorithms.length)
    throw badInput(`Name one or more of ${appTokenAlgorithms.join(', ')}.`, 'appTokens.algorithms');
  const backendOnly = tokens.scopes.filter((scope) => !frontendScopes.includes(scope as Scope));
  if (backendOnly.length)
    throw badInput(
      `A frontend cannot hold ${backendOnly.join(', ')}. It can hold ${frontendScopes.join(', ')}.`,
      'appTokens.scopes',
    );
  return columns;
}

function checkJwksUrl(url: string, allowPrivateAddresses: boolean): string {
  const parsed = URL.parse(url);
  const isSecure = parsed?.protocol === 'https:' || (allowPrivateAddresses && parsed?.protocol === 'http:');
  if (!parsed || !isSecure || parsed.username || parsed.password || url.length > 2_048)
    throw badInput(
      'This must be an https URL without a user name, such as https://app.example.com/jwks.json.',
      'appTokens.jwksUrl',
    );
  return parsed.href;
}
