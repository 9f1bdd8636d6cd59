import type Stripe from 'stripe';
import { routingMetadata } from '../../src/tenant.ts';
import type { TestTenant } from './billgraph.ts';

/** A product with a price in the tenant's Stripe, as its dashboard would make it. */
export async function createPrice(
  { stripe, ...tenant }: TestTenant,
  options: {
    product?: string;
    unitAmount?: number;
    currency?: string;
    recurring?: Stripe.PriceCreateParams.Recurring | null;
  } = {},
): Promise<Stripe.Price> {
  const metadata = routingMetadata(tenant);
  const product = options.product ?? (await stripe.products.create({ name: 'Pro', metadata })).id;
  const recurring = options.recurring === null ? undefined : (options.recurring ?? { interval: 'month' as const });
  return stripe.prices.create({
    product,
    currency: options.currency ?? 'usd',
    unit_amount: options.unitAmount ?? 2900,
    recurring,
    metadata,
  });
}

export const cards = {
  ok: '4242 4242 4242 4242',
  declined: '4000 0000 0000 0002',
};

/** Submits the form of the hosted page, as a person in a browser does. */
export async function submitCheckout(url: string, fields: Record<string, string>): Promise<Response> {
  const page = await fetch(url);
  if (!(await page.text()).includes('<form')) throw new Error(`There is no form at ${url} (status ${page.status}).`);
  return fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
}

export const payment = (number: string) => ({
  email: 'ada@example.com',
  number,
  expiry: '12 / 34',
  cvc: '123',
  action: 'pay',
});
