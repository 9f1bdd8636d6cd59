import { forbidden } from '../../errors.ts';

/** What a browser says about where a request comes from. */
export type RequestSite = {
  origin?: string;
  /** `Sec-Fetch-Site`. */
  fetchSite?: string;
  /** Whether a header is there that a page of another site cannot send unasked (`Apollo-Require-Preflight`). */
  preflighted: boolean;
};

/**
 * A browser sends cookies by itself, also for a page of somebody else. So a cookie counts only where the page is ours, which the
 * browser says, and where the page sent a header of its own, which browsers let through for pages of ours alone.
 * @param origins the server's own and those that are configured.
 * @throws Refusal FORBIDDEN.
 */
export function checkSameSite(origins: readonly string[], { origin, fetchSite, preflighted }: RequestSite): void {
  const isOurs = origin === undefined ? fetchSite === 'same-origin' : origins.includes(origin);
  if (!isOurs)
    throw forbidden(
      `A session counts for pages of ${origins.join(', ')} alone. This request comes from ${origin ?? 'an unknown place (it has no Origin)'}.`,
    );
  if (!preflighted) throw forbidden('A request with a session needs the header `Apollo-Require-Preflight: true`.');
}
