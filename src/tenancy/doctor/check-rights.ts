import type Stripe from 'stripe';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import { isRightMissing } from '../../stripe/stripe-trouble.ts';
import { type Finding, ill, well } from './finding.ts';

/** An id that no object has: a key with the right is told so, and nothing is written. */
const nobody = 'billgraph_doctor';

/** Everything that Billgraph cannot do without at Stripe, by the names of the rights in Stripe's dashboard. */
const rights: Record<string, (stripe: Stripe) => Promise<unknown>> = {
  'Customers: read': (stripe) => stripe.customers.list({ limit: 1 }),
  'Customers: write': (stripe) => stripe.customers.update(`cus_${nobody}`, { metadata: {} }),
  'Tax IDs: read': (stripe) => stripe.taxIds.retrieve(`txi_${nobody}`),
  'Tax IDs: write': (stripe) => stripe.taxIds.del(`txi_${nobody}`),
  'Products: read': (stripe) => stripe.products.list({ limit: 1 }),
  'Products: write': (stripe) => stripe.products.update(`prod_${nobody}`, { metadata: {} }),
  'Prices: read': (stripe) => stripe.prices.list({ limit: 1 }),
  'Prices: write': (stripe) => stripe.prices.update(`price_${nobody}`, { metadata: {} }),
  'Coupons: read': (stripe) => stripe.coupons.list({ limit: 1 }),
  'Promotion Codes: read': (stripe) => stripe.promotionCodes.list({ limit: 1 }),
  'Subscriptions: read': (stripe) => stripe.subscriptions.list({ limit: 1 }),
  'Subscriptions: write': (stripe) => stripe.subscriptions.update(`sub_${nobody}`, { metadata: {} }),
  'Invoices: read': (stripe) => stripe.invoices.list({ limit: 1 }),
  'PaymentIntents: read': (stripe) => stripe.paymentIntents.list({ limit: 1 }),
  'PaymentIntents: write': (stripe) => stripe.paymentIntents.cancel(`pi_${nobody}`),
  'Charges and Refunds: read': (stripe) => stripe.charges.list({ limit: 1 }),
  'Charges and Refunds: write': (stripe) => stripe.refunds.update(`re_${nobody}`, { metadata: {} }),
  'Disputes: read': (stripe) => stripe.disputes.list({ limit: 1 }),
  'PaymentMethods: read': (stripe) => stripe.paymentMethods.list({ limit: 1 }),
  'PaymentMethods: write': (stripe) => stripe.paymentMethods.detach(`pm_${nobody}`),
  'SetupIntents: read': (stripe) => stripe.setupIntents.list({ limit: 1 }),
  'Entitlements: read': (stripe) => stripe.entitlements.features.list({ limit: 1 }),
  'Billing Meters: read': (stripe) => stripe.billing.meters.list({ limit: 1 }),
  'Billing Meters: write': (stripe) => stripe.billing.meters.update(`mtr_${nobody}`, { display_name: nobody }),
  'Billing Meter Events: write': (stripe) =>
    stripe.billing.meterEvents.create({ event_name: nobody, payload: { stripe_customer_id: nobody } }),
  'Events: read': (stripe) => stripe.events.list({ limit: 1 }),
  'Checkout Sessions: read': (stripe) => stripe.checkout.sessions.list({ limit: 1 }),
  'Checkout Sessions: write': (stripe) => stripe.checkout.sessions.expire(`cs_${nobody}`),
  'Customer portal: read': (stripe) => stripe.billingPortal.configurations.list({ limit: 1 }),
  'Customer portal: write': (stripe) => stripe.billingPortal.configurations.update(`bpc_${nobody}`, {}),
  'Webhook Endpoints: read': (stripe) => stripe.webhookEndpoints.list({ limit: 1 }),
  'Webhook Endpoints: write': (stripe) => stripe.webhookEndpoints.update(`we_${nobody}`, { metadata: {} }),
};

/** Whether a restricted key may do all that is needed, found out by asking for it. Other keys may do everything. */
export async function checkRights({
  stripe,
  keyPrefix,
}: Pick<OpenConnection, 'stripe' | 'keyPrefix'>): Promise<Finding> {
  if (!keyPrefix.startsWith('rk_')) return well('KEY_RIGHTS', 'The key is not restricted.');
  const missing: string[] = [];
  for (const [right, ask] of Object.entries(rights)) {
    const failure = await ask(stripe).then(
      () => null,
      (failure) => failure,
    );
    if (isRightMissing(failure)) missing.push(right);
  }
  if (!missing.length)
    return well('KEY_RIGHTS', `The restricted key has every right: ${Object.keys(rights).join(', ')}.`);
  return ill(
    'KEY_RIGHTS',
    `The restricted key lacks ${missing.join(', ')}.`,
    "Give it these rights in Stripe's dashboard under Developers, API keys.",
  );
}
