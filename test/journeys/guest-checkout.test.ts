import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CreateCheckoutSessionDocument,
  CreateCustomerDocument,
  CreateCustomerTokenDocument,
} from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { cards, createPrice, payment, submitCheckout } from '../rig/checkout.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

/** Somebody whom nobody knows pays, and is a customer of the project from then on. */

let billgraph: Billgraph;
let tenant: TestTenant;
/** Of the same team and Stripe account. */
let sibling: TestTenant;
let monthly: string;
let once: string;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  sibling = await createTenant(billgraph, { teamId: tenant.teamId });
  const stripeIds = [await createPrice(tenant), await createPrice(tenant, { recurring: null })].map(({ id }) => id);
  await billgraph.settled();
  const { data } = await ask(billgraph, tenant.apiKey, '{ prices { nodes { id stripePriceId } } }');
  const idOf = (stripeId?: string) =>
    data.prices.nodes.find((price: { stripePriceId: string }) => price.stripePriceId === stripeId).id;
  [monthly, once] = [idOf(stripeIds[0]), idOf(stripeIds[1])];
});
afterAll(() => billgraph.close());

const back = { successUrl: 'https://app.example.com/done', cancelUrl: 'https://app.example.com/' };
const open = (input: object) =>
  ask(billgraph, tenant.apiKey, CreateCheckoutSessionDocument, { input: { ...back, ...input } });
async function opened(input: object): Promise<{ sessionId: string; url: string }> {
  const { data, errors } = await open(input);
  expect(errors).toBeUndefined();
  return data.createCheckoutSession;
}
async function pay(url: string, email: string) {
  expect((await submitCheckout(url, { ...payment(cards.ok), email })).status).toBe(303);
  await billgraph.settled();
}
const session = async (id: string) =>
  (
    await ask(
      billgraph,
      tenant.apiKey,
      `{ checkoutSession(id: "${id}") { status paymentStatus customer { id email } subscription { status customer { id } } payment { status customer { id } } } }`,
    )
  ).data.checkoutSession;
const customerBy = async (email: string, { apiKey } = tenant) =>
  (
    await ask(billgraph, apiKey, 'query ($by: CustomerBy!) { customer(by: $by) { id stripeCustomerId } }', {
      by: { email },
    })
  ).data.customer;
const moneyOf = async (id: string) =>
  (
    await ask(
      billgraph,
      tenant.apiKey,
      `{ customer(by: { id: "${id}" }) { payments { nodes { status charges { nodes { paid } } } } invoices { nodes { status } } paymentMethods { nodes { last4 } } } }`,
    )
  ).data.customer;
const inStripe = async (email: string) => (await tenant.stripe.customers.list({ email })).data;

describe('a guest', () => {
  it('subscribes: a customer of this project, who signs in by the address and sees the subscription', async () => {
    const email = 'guest@example.com';
    const { sessionId, url } = await opened({ customerEmail: 'Guest@Example.com', priceId: monthly });
    expect(await session(sessionId)).toEqual({
      status: 'OPEN',
      paymentStatus: null,
      customer: null,
      subscription: null,
      payment: null,
    });
    expect(await customerBy(email)).toBeNull();
    await pay(url, email);

    const customer = await customerBy(email);
    expect(await session(sessionId)).toMatchObject({
      status: 'COMPLETE',
      paymentStatus: 'PAID',
      customer: { id: customer.id, email },
      subscription: { status: 'ACTIVE', customer: { id: customer.id } },
    });
    expect((await inStripe(email)).map(({ id }) => id)).toEqual([customer.stripeCustomerId]);
    expect(await customerBy(email, sibling)).toBeNull();
    expect(await moneyOf(customer.id)).toEqual({
      payments: { nodes: [{ status: 'SUCCEEDED', charges: { nodes: [{ paid: true }] } }] },
      invoices: { nodes: [{ status: 'PAID' }] },
      paymentMethods: { nodes: [{ last4: '4242' }] },
    });

    const mint = { input: { customerId: customer.id, scopes: ['customers:read', 'subscriptions:read'] } };
    const { data } = await ask(billgraph, tenant.apiKey, CreateCustomerTokenDocument, mint);
    const query = '{ customer { email subscription { hasAccess } } }';
    const own = await ask(
      billgraph,
      data.createCustomerToken.token,
      query.replace('customer {', `customer(by: { id: "${customer.id}" }) {`),
    );
    expect(own.data.customer).toEqual({ email, subscription: { hasAccess: true } });
  });

  it('pays once: a customer, and the payment is his; the next purchase is the same customer', async () => {
    const email = 'once@example.com';
    const first = await opened({ customerEmail: email, mode: 'PAYMENT', priceId: once });
    await pay(first.url, email);
    const { id } = await customerBy(email);
    expect(await session(first.sessionId)).toMatchObject({
      customer: { id },
      payment: { status: 'SUCCEEDED', customer: { id } },
    });
    const second = await opened({ customerEmail: email, mode: 'PAYMENT', priceId: once });
    await pay(second.url, email);
    expect(await session(second.sessionId)).toMatchObject({ payment: { status: 'SUCCEEDED', customer: { id } } });
    expect(await inStripe(email)).toHaveLength(1);
  });

  it('who names the address of a customer buys as that customer', async () => {
    const email = 'known@example.com';
    const { data } = await ask(billgraph, tenant.apiKey, CreateCustomerDocument, {
      input: { email, address: { country: 'AT' } },
    });
    const { id } = data.createCustomer.customer;
    const { sessionId, url } = await opened({ customerEmail: email, priceId: monthly, automaticTax: true });
    expect((await session(sessionId)).customer).toEqual({ id, email });
    const inStripeToo = await tenant.stripe.checkout.sessions.retrieve(sessionId);
    expect(inStripeToo).toMatchObject({ automatic_tax: { status: 'complete' }, billing_address_collection: null });
    await pay(url, email);
    expect(await session(sessionId)).toMatchObject({ subscription: { status: 'ACTIVE', customer: { id } } });
    expect(await inStripe(email)).toHaveLength(1);

    // The card is saved now: Stripe's page might offer it to whoever types the address.
    const again = await open({ customerEmail: email, mode: 'PAYMENT', priceId: once });
    expect(refusalsOf(again)).toEqual([{ code: 'CONFLICT', field: 'customerEmail' }]);
    expect((await open({ customerId: id, mode: 'PAYMENT', priceId: once })).errors).toBeUndefined();
  });

  it('clicks twice: one session, and one customer in Stripe', async () => {
    const email = 'twice@example.com';
    const clicks = await Promise.all(
      Array.from({ length: 8 }, () => opened({ customerEmail: email, priceId: monthly })),
    );
    expect(new Set(clicks.map(({ sessionId }) => sessionId)).size).toBe(1);
    await pay(clicks[0]!.url, email);
    expect(await inStripe(email)).toHaveLength(1);
  });

  it('with two pages open at once: both purchases are the project’s, the address is the first one’s', async () => {
    const email = 'pages@example.com';
    const pages = [await opened({ customerEmail: email, priceId: monthly })];
    pages.push(await opened({ customerEmail: email, mode: 'PAYMENT', priceId: once }));
    for (const { url } of pages) await pay(url, email);
    const [first, second] = await Promise.all(pages.map(({ sessionId }) => session(sessionId)));
    expect(first).toMatchObject({ customer: { email }, subscription: { status: 'ACTIVE' } });
    expect(second).toMatchObject({ customer: { email: null }, payment: { status: 'SUCCEEDED' } });
  });

  it('who never pays is nobody', async () => {
    const { sessionId } = await opened({ customerEmail: 'never@example.com', priceId: monthly });
    await tenant.stripe.checkout.sessions.expire(sessionId);
    await billgraph.settled();
    expect(await session(sessionId)).toMatchObject({ status: 'EXPIRED', customer: null });
    expect(await inStripe('never@example.com')).toEqual([]);
    expect(await customerBy('never@example.com')).toBeNull();
  });
});

describe('refuses', () => {
  it.each<[string, () => object, string]>([
    ['an address that is none', () => ({ customerEmail: 'x', priceId: monthly }), 'customerEmail'],
    ['a guest who is a customer too', () => ({ customerEmail: 'a@example.com', customerId: 'pc_1' }), 'customerEmail'],
    ['a guest in mode SETUP', () => ({ customerEmail: 'a@example.com', mode: 'SETUP' }), 'customerEmail'],
    ['nobody', () => ({ priceId: monthly }), 'customerId'],
  ])('%s', async (_name, input, field) => {
    expect(refusalsOf(await open(input()))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });
});
