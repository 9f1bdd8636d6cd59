import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import type { Price } from '../../billing/catalog/price.entity.ts';
import { findOfferedPrices } from '../../tenancy/projects/find-offered-prices.ts';
import { routingMetadata, type Tenant } from '../../tenant.ts';

type Parameters = Stripe.BillingPortal.ConfigurationCreateParams;

/** Stripe's limits: products that a portal offers, and characters of its headline and name. */
const mostProducts = 10;
const longestHeadline = 60;

/** How Stripe's portal is set for a project: what our own portal offers, and nothing else. */
export async function stripeConfigurationOf(
  { em }: { em: EntityManager },
  tenant: Tenant,
  { name }: { name: string },
): Promise<Parameters> {
  const products = offerOf(await findOfferedPrices({ em }, tenant));
  return {
    name,
    business_profile: { headline: shortened(name) },
    metadata: routingMetadata(tenant),
    features: {
      customer_update: { enabled: false },
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: {
        enabled: true,
        mode: 'at_period_end',
        cancellation_reason: { enabled: true, options: reasons },
      },
      subscription_update: products.length
        ? { enabled: true, default_allowed_updates: ['price'], proration_behavior: 'always_invoice', products }
        : { enabled: false },
    },
  };
}

const reasons: Stripe.BillingPortal.ConfigurationCreateParams.Features.SubscriptionCancel.CancellationReason.Option[] =
  [
    'too_expensive',
    'missing_features',
    'switched_service',
    'unused',
    'customer_service',
    'too_complex',
    'low_quality',
    'other',
  ];

/** The first ten products; of each, one price for each currency and billing period, since Stripe takes no two of the same. */
function offerOf(
  prices: Price[],
): Stripe.BillingPortal.ConfigurationCreateParams.Features.SubscriptionUpdate.Product[] {
  const offered = new Map<string, Map<string, string>>();
  for (const { product, currency, recurringInterval, recurringIntervalCount, stripePriceId } of prices) {
    const ofProduct = offered.get(product.stripeProductId) ?? new Map<string, string>();
    offered.set(product.stripeProductId, ofProduct);
    const period = `${currency} ${recurringIntervalCount} ${recurringInterval}`;
    if (!ofProduct.has(period)) ofProduct.set(period, stripePriceId);
  }
  return [...offered]
    .slice(0, mostProducts)
    .map(([product, ofProduct]) => ({ product, prices: [...ofProduct.values()] }));
}

const shortened = (text: string) =>
  text.length > longestHeadline ? `${text.slice(0, longestHeadline - 1).toWellFormed()}…` : text;
