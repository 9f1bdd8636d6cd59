import type { EntityManager } from '@mikro-orm/core';
import { checkRedirectUrl } from '../../check-input.ts';
import { badInput } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Tenant } from '../../tenant.ts';
import { findSettings } from './find-settings.ts';

/**
 * An address that a page of Stripe's or ours may send a browser back to: of an origin that the project allows, or, in TEST, of
 * this very machine; and a page of an open portal of ours. Without the list, whoever opens a checkout could lead the buyer anywhere.
 * @throws Refusal BAD_USER_INPUT with the field.
 */
export async function checkRedirects(
  { em, publicUrl }: { em: EntityManager; publicUrl: string },
  side: Pick<Tenant, 'projectId' | 'environment'>,
  urls: Record<string, string>,
): Promise<void> {
  const { redirectOrigins } = await findSettings({ em }, side);
  for (const [field, url] of Object.entries(urls)) {
    const address = new URL(checkRedirectUrl(url, field));
    const { origin, hostname } = address;
    const isLocal = side.environment === 'TEST' && localHosts.has(hostname);
    if (!isOfPortal(address, publicUrl) && !isLocal && !redirectOrigins.includes(origin))
      throw badInput(
        `The project does not allow ${origin}. Add it to the project's redirectOrigins (updateProjectSettings)${
          side.environment === 'TEST' ? ', or use localhost' : ''
        }.`,
        field,
      );
  }
}

/** A page of somebody's open portal, which only its browser is let into; by the path as browsers walk it, `..` resolved. */
function isOfPortal({ origin, pathname }: URL, publicUrl: string): boolean {
  const [, first, session = ''] = pathname.split('/');
  return origin === new URL(publicUrl).origin && first === 'portal' && isId('pos', session);
}

const localHosts = new Set(['localhost', '127.0.0.1', '[::1]']);
