import { forbidden } from '../../errors.ts';
import type { RequestSite } from './check-same-site.ts';

/**
 * For what signs a browser in without a session: a page of another site could sign its visitors in as somebody of its own choice, who
 * then sees what they do. Browsers say where such a request comes from; a program says nothing, and may ask.
 * @param origins the server's own and those that are configured.
 * @throws Refusal FORBIDDEN.
 */
export function refuseOtherSites(
  origins: readonly string[],
  { origin, fetchSite }: Pick<RequestSite, 'origin' | 'fetchSite'>,
): void {
  const isOurs =
    origin === undefined ? [undefined, 'same-origin', 'none'].includes(fetchSite) : origins.includes(origin);
  if (isOurs) return;
  throw forbidden(`This is for pages of ${origins.join(', ')} alone. Open the link itself.`);
}
