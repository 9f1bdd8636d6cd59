import { hash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import { findCustomer } from '../../billing/customers/find-customer.ts';
import type { Subscription } from '../../billing/subscriptions/subscription.entity.ts';
import { badInput } from '../../errors.ts';
import { isAbout } from '../../stripe/stripe-trouble.ts';
import { checkRedirects } from '../../tenancy/projects/check-redirects.ts';
import { Project } from '../../tenancy/teams/project.entity.ts';
import type { Tenant } from '../../tenant.ts';
import { checkFlow } from './check-flow.ts';
import type { NewPortalSession, OpenedPortal, PortalTools } from './create-portal-session.ts';
import { type EnsuredConfiguration, ensureConfiguration, type KnownConfiguration } from './ensure-configuration.ts';
import { PortalConfiguration } from './portal-configuration.entity.ts';
import type { PortalFlow } from './portal-session.entity.ts';
import { recordConfiguration } from './record-configuration.ts';
import { stripeConfigurationOf } from './stripe-configuration-of.ts';

/**
 * Opens Stripe's portal, set as the project is. Where the project was set otherwise since, Stripe is told first.
 * @throws Refusal as createPortalSession() does.
 */
export async function openStripePortal(
  { stripe, operation, publicUrl }: PortalTools,
  tenant: Tenant,
  { customerId, returnUrl, flow, ttl }: NewPortalSession,
): Promise<OpenedPortal> {
  if (ttl != null)
    throw badInput('Stripe decides how long its portal stays open. Leave ttl out, or use kind BILLGRAPH.', 'ttl');
  return operation.askStripe({
    async prepare(em) {
      await checkRedirects({ em, publicUrl }, tenant, { returnUrl });
      const customer = await findCustomer({ em }, tenant, customerId);
      const subscription = await checkFlow({ em }, tenant, { customer, flow: flow ?? null });
      const parameters: Stripe.BillingPortal.SessionCreateParams = {
        customer: customer.stripeCustomerId!,
        return_url: returnUrl,
        ...(flow && { flow_data: flowData(flow.type, subscription, returnUrl) }),
      };
      return { configuration: await knownConfiguration({ em }, tenant), parameters };
    },
    fields: {
      'flow_data[subscription_cancel][subscription]': 'flow.subscriptionId',
      'flow_data[subscription_update][subscription]': 'flow.subscriptionId',
    },
    async send({ configuration, parameters }, options) {
      const open = async (ensured: EnsuredConfiguration, idempotencyKey: string) => {
        const within = { ...parameters, configuration: ensured.id };
        const { url } = await stripe.billingPortal.sessions.create(within, { ...options, idempotencyKey });
        return { ensured, url };
      };
      const key = options.idempotencyKey!;
      const ensured = await ensureConfiguration({ stripe }, configuration, options);
      return open(ensured, key).catch(async (failure) => {
        if (!isAbout(failure, 'configuration')) throw failure;
        // Somebody has set it inactive in Stripe, or it went with another account's data.
        const lost = { ...configuration, id: ensured.id, told: null };
        return open(await ensureConfiguration({ stripe }, lost, options), `${key}/mended`);
      });
    },
    async record(em, { configuration: known }, { ensured, url }, note) {
      await recordConfiguration({ em }, tenant, { known, ensured });
      note({ subjectType: 'Customer', subjectId: customerId, after: { kind: 'STRIPE', flow: flow?.type ?? null } });
      return { url, expiresAt: null, kind: 'STRIPE' };
    },
  });
}

/** How Stripe's portal should be set, and what Stripe knows of it. */
async function knownConfiguration({ em }: { em: EntityManager }, tenant: Tenant): Promise<KnownConfiguration> {
  const { projectId, environment } = tenant;
  const { name } = await em.findOneOrFail(Project, projectId);
  const parameters = await stripeConfigurationOf({ em }, tenant, { name });
  const known = await em.findOne(PortalConfiguration, { projectId, environment });
  const fingerprint = hash('sha256', JSON.stringify(parameters));
  return {
    id: known?.stripeConfigurationId ?? null,
    told: known?.fingerprint ?? null,
    parameters,
    fingerprint,
    side: `${projectId}/${environment}`,
  };
}

function flowData(
  type: PortalFlow,
  about: Subscription | null,
  returnUrl: string,
): Stripe.BillingPortal.SessionCreateParams.FlowData {
  const after_completion = { type: 'redirect' as const, redirect: { return_url: returnUrl } };
  const subscription = about?.stripeSubscriptionId ?? '';
  if (type === 'CANCEL')
    return { type: 'subscription_cancel', subscription_cancel: { subscription }, after_completion };
  if (type === 'CHANGE_PLAN')
    return { type: 'subscription_update', subscription_update: { subscription }, after_completion };
  return { type: 'payment_method_update', after_completion };
}
