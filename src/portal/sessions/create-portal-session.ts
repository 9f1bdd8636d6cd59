import type Stripe from 'stripe';
import type { Operation } from '../../operations/operation.ts';
import type { Tenant } from '../../tenant.ts';
import type { FlowInput } from './check-flow.ts';
import { openOwnPortal } from './open-own-portal.ts';
import { openStripePortal } from './open-stripe-portal.ts';

export const portalKinds = ['STRIPE', 'BILLGRAPH'] as const;
export type PortalKind = (typeof portalKinds)[number];

export type NewPortalSession = {
  customerId: string;
  returnUrl: string;
  flow?: FlowInput | null;
  kind: PortalKind;
  /** The API key that asks, or that minted the token which asks; null where there is none. */
  apiKeyId: string | null;
  /** Seconds that our own portal stays open. */
  ttl?: number | null;
};

/** `expiresAt` is null for Stripe's portal: Stripe does not say. */
export type OpenedPortal = { url: string; expiresAt: Date | null; kind: PortalKind };

export type PortalTools = { stripe: Stripe; operation: Operation; publicUrl: string };

/**
 * Opens a portal where a customer looks after what is paid: Stripe's, or our own.
 * @throws Refusal BAD_USER_INPUT with the field; NOT_FOUND for a customer that this tenant does not have, or a subscription that is not
 * the customer's; CONFLICT for a flow that is not possible; STRIPE_ERROR.
 */
export function createPortalSession(
  tools: PortalTools,
  tenant: Tenant,
  input: NewPortalSession,
): Promise<OpenedPortal> {
  return input.kind === 'BILLGRAPH' ? openOwnPortal(tools, tenant, input) : openStripePortal(tools, tenant, input);
}
