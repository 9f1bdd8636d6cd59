import { findCustomer } from '../../billing/customers/find-customer.ts';
import { badInput } from '../../errors.ts';
import { hashOneTimeToken, newOneTimeToken } from '../../identity/access/one-time-token.ts';
import { newId } from '../../ids.ts';
import { checkRedirects } from '../../tenancy/projects/check-redirects.ts';
import type { Tenant } from '../../tenant.ts';
import { checkFlow } from './check-flow.ts';
import type { NewPortalSession, OpenedPortal, PortalTools } from './create-portal-session.ts';
import { PortalSession } from './portal-session.entity.ts';

const defaultTtl = 60 * 60;
const longestTtl = 24 * 60 * 60;

/**
 * Opens our own portal.
 * @returns the only copy of its link, which works once: see findPortalSession for what then lets the browser in.
 * @throws Refusal as createPortalSession() does.
 */
export async function openOwnPortal(
  { operation, publicUrl }: Omit<PortalTools, 'stripe'>,
  { projectId, environment }: Tenant,
  { customerId, returnUrl, flow, ttl, apiKeyId }: NewPortalSession,
): Promise<OpenedPortal> {
  const seconds = ttl ?? defaultTtl;
  if (seconds < 1 || seconds > longestTtl)
    throw badInput(`A portal stays open from 1 to ${longestTtl} seconds.`, 'ttl');
  const side = { projectId, environment };
  return operation.write(async (em) => {
    await checkRedirects({ em, publicUrl }, side, { returnUrl });
    const customer = await findCustomer({ em }, side, customerId);
    const subscription = await checkFlow({ em }, side, { customer, flow: flow ?? null });
    const token = newOneTimeToken();
    const expiresAt = new Date(Date.now() + seconds * 1000);
    em.create(PortalSession, {
      id: newId('pos'),
      ...side,
      tokenHash: hashOneTimeToken(token),
      customer,
      subscription,
      flow: flow?.type ?? null,
      returnUrl,
      apiKeyId,
      expiresAt,
    });
    return { url: `${new URL(publicUrl).origin}/portal/open?token=${token}`, expiresAt, kind: 'BILLGRAPH' };
  });
}
