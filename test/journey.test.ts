import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  CreateCheckoutSessionDocument,
  CreateCustomerDocument,
  CreateCustomerTokenDocument,
  CustomerSubscriptionsDocument,
  PricesDocument,
} from '../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from './rig/billgraph.ts';
import { cards, createPrice, payment, submitCheckout } from './rig/checkout.ts';
import { ask } from './rig/graph.ts';

/** The job that Billgraph exists for, from a customer to a subscription that both sides of the SaaS can see. */

let billgraph: Billgraph;
let tenant: TestTenant;
let priceId: string;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  await createPrice(tenant);
  await billgraph.settled();
  priceId = (await ask(billgraph, tenant.apiKey, PricesDocument)).data.prices.nodes[0].id;
});
afterAll(() => billgraph.close());

async function openCheckout(externalId: string, input: object = {}) {
  const { data } = await ask(billgraph, tenant.apiKey, CreateCustomerDocument, {
    input: { email: `${externalId}@example.com`, externalId },
  });
  const customerId: string = data.createCustomer.customer.id;
  const answer = await ask(billgraph, tenant.apiKey, CreateCheckoutSessionDocument, {
    input: {
      customerId,
      priceId,
      successUrl: 'https://app.example.com/done?session={CHECKOUT_SESSION_ID}',
      cancelUrl: 'https://app.example.com/pricing',
      ...input,
    },
  });
  const { sessionId, url } = answer.data.createCheckoutSession;
  return { customerId, sessionId, url };
}

const subscriptionsOf = async (externalId: string, credential = tenant.apiKey) =>
  (await ask(billgraph, credential, CustomerSubscriptionsDocument, { by: { externalId } })).data.customer?.subscriptions
    .nodes;

it('a customer pays, and the subscription is true on both sides', async () => {
  const { customerId, sessionId, url } = await openCheckout('payer');
  expect(await subscriptionsOf('payer')).toEqual([]);

  const paid = await submitCheckout(url, payment(cards.ok));
  expect(paid.status).toBe(303);
  expect(paid.headers.get('location')).toBe(`https://app.example.com/done?session=${sessionId}`);

  await billgraph.settled();
  const [subscription, ...others] = await subscriptionsOf('payer');
  expect(others).toEqual([]);
  expect(subscription).toEqual({
    status: 'ACTIVE',
    hasAccess: true,
    currentPeriodEnd: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
    price: { unitAmount: { amount: '2900', currency: 'USD' }, product: { name: 'Pro' } },
  });
  expect(Date.parse(subscription.currentPeriodEnd)).toBeGreaterThan(Date.now() + 27 * 86_400_000);

  const mint = { input: { customerId, scopes: ['customers:read', 'subscriptions:read'] } };
  const { data } = await ask(billgraph, tenant.apiKey, CreateCustomerTokenDocument, mint);
  const { token } = data.createCustomerToken;
  expect(await subscriptionsOf('payer', token)).toEqual([subscription]);
  await openCheckout('stranger');
  expect(await subscriptionsOf('stranger', token)).toBeUndefined();
});

it('a trial begins', async () => {
  const { url } = await openCheckout('tryer', { trialDays: 14, quantity: 5 });
  expect((await submitCheckout(url, payment(cards.ok))).status).toBe(303);
  await billgraph.settled();
  expect(await subscriptionsOf('tryer')).toMatchObject([{ status: 'TRIALING', hasAccess: true }]);
  const { data } = await ask(
    billgraph,
    tenant.apiKey,
    '{ customer(by: { externalId: "tryer" }) { subscription { quantity trialEnd items { nodes { quantity } } } } }',
  );
  expect(data.customer.subscription).toMatchObject({ quantity: 5, items: { nodes: [{ quantity: 5 }] } });
  expect(Math.round((Date.parse(data.customer.subscription.trialEnd) - Date.now()) / 86_400_000)).toBe(14);
});

it('a declined card leaves the page open, and the next card pays', async () => {
  const { url } = await openCheckout('declined');
  const declined = await submitCheckout(url, payment(cards.declined));
  expect(await declined.text()).toContain('declined');
  await billgraph.settled();
  expect((await subscriptionsOf('declined')).filter(({ hasAccess }: { hasAccess: boolean }) => hasAccess)).toEqual([]);

  expect((await submitCheckout(url, payment(cards.ok))).status).toBe(303);
  await billgraph.settled();
  expect(await subscriptionsOf('declined')).toMatchObject([{ status: 'ACTIVE' }]);
});

it('a customer turns back', async () => {
  const { url } = await openCheckout('hesitant');
  const left = await submitCheckout(url, { action: 'cancel' });
  expect(left.headers.get('location')).toBe('https://app.example.com/pricing');
  await billgraph.settled();
  expect(await subscriptionsOf('hesitant')).toEqual([]);
});

it('a subscription that is canceled in Stripe is canceled here', async () => {
  const { url } = await openCheckout('leaver');
  await submitCheckout(url, payment(cards.ok));
  await billgraph.settled();
  const { data } = await tenant.stripe.subscriptions.list({ limit: 1 });
  await tenant.stripe.subscriptions.cancel(data[0]!.id);
  await billgraph.settled();
  expect(await subscriptionsOf('leaver')).toMatchObject([{ status: 'CANCELED', hasAccess: false }]);
});
