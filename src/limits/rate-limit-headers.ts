import type { Balance } from './allowance.ts';

/** Headers that a browser may read of an answer of another origin. */
export const rateLimitHeaderNames = ['ratelimit-policy', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'];

/**
 * `RateLimit-Limit`, `-Remaining` and `-Reset` (seconds) of the class that has the smallest part left, and in
 * `RateLimit-Policy` every class that was spent from. It is the IETF draft as of version 7, since that is what clients read
 * (`RateLimit-Reset` after a 429); versions after it pack all into one structured field that hardly any client knows.
 * https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-07
 */
export function rateLimitHeaders(balances: readonly Balance[]): Record<string, string | number> {
  const [first, ...others] = balances;
  if (!first) return {};
  const scarcest = others.reduce((least, one) => (partOf(one) < partOf(least) ? one : least), first);
  const headers = {
    'ratelimit-policy': balances.map(policyOf).join(', '),
    'ratelimit-limit': scarcest.limit,
    'ratelimit-remaining': Math.max(0, scarcest.remaining),
    'ratelimit-reset': scarcest.resetsIn,
  };
  return scarcest.remaining < 0 ? { ...headers, 'retry-after': scarcest.resetsIn } : headers;
}

const partOf = ({ remaining, limit }: Balance) => remaining / limit;

const policyOf = ({ limit, seconds, limitClass }: Balance) => `${limit};w=${seconds};name="${limitClass}"`;
