import type { EntityManager } from '@mikro-orm/core';
import { checkRedirectUrl } from '../check-input.ts';
import { badInput } from '../errors.ts';
import type { Tenant } from '../tenant.ts';
import { findSettings } from './find-settings.ts';

/**
 * An address that a page of Stripe's or ours may send a browser back to: of an origin that the project allows, or, in TEST, of
 * this very machine; and of our own portal. Without the list, whoever opens a checkout could lead the buyer anywhere.
 * @throws Refusal BAD_USER_INPUT with the field.
 */
export async function checkRedirects(
  { em, publicUrl }: { em: EntityManager; publicUrl: string },
  side: Pick<Tenant, 'projectId' | 'environment'>,
  urls: Record<string, string>,
): Promise<void> {
  const { redirectOrigins } = await findSettings({ em }, side);
  for (const [field, url] of Object.entries(urls)) {
    const { origin, hostname } = new URL(checkRedirectUrl(url, field));
    const isPortal = url.startsWith(`${new URL(publicUrl).origin}/portal/`);
    const isLocal = side.environment === 'TEST' && localHosts.has(hostname);
    if (!isPortal && !isLocal && !redirectOrigins.includes(origin))
      throw badInput(
        `The project does not allow ${origin}. Add it to the project's redirectOrigins (updateProjectSettings)${
          side.environment === 'TEST' ? ', or use localhost' : ''
        }.`,
        field,
      );
  }
}

const localHosts = new Set(['localhost', '127.0.0.1', '[::1]']);
