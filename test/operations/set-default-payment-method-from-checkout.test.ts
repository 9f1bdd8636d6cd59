import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCheckoutSessionDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph } from '../rig/billgraph.ts';
import { cards, payment, submitCheckout } from '../rig/checkout.ts';
import { behave, misbehave, silence } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { openShop, type Shop } from '../rig/shop.ts';

let billgraph: Billgraph;
let shop: Shop;
beforeAll(async () => {
  billgraph = await startBillgraph();
  shop = await openShop(billgraph);
  await silence(shop.tenant);
});
afterAll(() => billgraph.close());

const set = (checkoutSessionId: string, credential: string | null = shop.tenant.apiKey) =>
  ask(
    billgraph,
    credential,
    `mutation ($input: SetDefaultPaymentMethodFromCheckoutInput!) {
      setDefaultPaymentMethodFromCheckout(input: $input) {
        customer { id paymentMethods { nodes { stripePaymentMethodId last4 isDefault } } }
      }
    }`,
    { input: { checkoutSessionId } },
  );

async function checkout(input: object): Promise<{ sessionId: string; url: string }> {
  const back = { successUrl: 'https://app.example.com/done', cancelUrl: 'https://app.example.com/back' };
  const { data } = await ask(billgraph, shop.tenant.apiKey, CreateCheckoutSessionDocument, {
    input: { ...back, customerId: shop.ada.id, mode: 'SETUP', ...input, idempotencyKey: crypto.randomUUID() },
  });
  return data.createCheckoutSession;
}

async function saved(number: string, input: object = {}): Promise<string> {
  const { sessionId, url } = await checkout(input);
  await submitCheckout(url, payment(number));
  return sessionId;
}

const defaultOf = async (customer: string) =>
  ((await shop.tenant.stripe.customers.retrieve(customer)) as Stripe.Customer).invoice_settings.default_payment_method;

describe('answers', () => {
  it('the customer, whom what was saved pays for from now on, also where a subscription named another', async () => {
    const { stripe } = shop.tenant;
    const { stripeSubscriptionId, stripeCustomerId, card } = shop.ada;
    await stripe.subscriptions.update(stripeSubscriptionId, { default_payment_method: card });
    const sessionId = await saved('5555 5555 5555 4444');
    const { data, errors } = await set(sessionId);
    expect(errors).toBeUndefined();
    const { nodes } = data.setDefaultPaymentMethodFromCheckout.customer.paymentMethods;
    const [chosen, ...others] = nodes.filter(({ isDefault }: { isDefault: boolean }) => isDefault);
    expect([chosen.last4, others]).toEqual(['4444', []]);
    expect(await defaultOf(stripeCustomerId)).toBe(chosen.stripePaymentMethodId);
    const subscription = await stripe.subscriptions.retrieve(stripeSubscriptionId);
    expect(subscription.default_payment_method).toBe(chosen.stripePaymentMethodId);
    // Bob's subscription names none, and goes on with his default.
    const bobs = await stripe.subscriptions.retrieve(shop.bob.stripeSubscriptionId);
    expect(bobs.default_payment_method).toBeNull();
  });

  it('a customer token, for itself', async () => {
    const token = await shop.tokenFor(shop.ada, ['checkout:write', 'customers:read', 'payment_methods:read']);
    expect((await set(await saved(cards.ok), token)).errors).toBeUndefined();
  });

  it("a customer token, also where Stripe's address is another customer's", async () => {
    const { stripeCustomerId, id: customerId } = shop.bob;
    const token = await shop.tokenFor(shop.bob, ['checkout:write', 'customers:read', 'payment_methods:read']);
    const sessionId = await saved(cards.ok, { customerId });
    await shop.tenant.stripe.customers.update(stripeCustomerId, { email: 'ada@example.com' });
    const { data, errors } = await set(sessionId, token);
    expect(errors).toBeUndefined();
    const { customer } = data.setDefaultPaymentMethodFromCheckout;
    const chosen = customer.paymentMethods.nodes.find(({ isDefault }: { isDefault: boolean }) => isDefault);
    expect(chosen?.stripePaymentMethodId).toBe(await defaultOf(stripeCustomerId));
    const { data: bob } = await ask(billgraph, token, `{ customer(by: { id: "${customerId}" }) { email } }`);
    expect(bob.customer.email).toBe('bob@example.com');
  });
});

describe('refuses', () => {
  it('what is not there', async () => {
    for (const id of ['cs_test_none', 'pcs_00000000000000000000000000', 'x', 'cs_\0'])
      expect(refusalsOf(await set(id))).toEqual([{ code: 'NOT_FOUND', field: 'checkoutSessionId' }]);
  });

  it('a session that saved nothing, and one that is for something else', async () => {
    const { sessionId } = await checkout({});
    expect(refusalsOf(await set(sessionId))).toEqual([{ code: 'CONFLICT', field: 'checkoutSessionId' }]);
    const priceId = (await billgraph.app.orm.em.getConnection().execute('select id from price limit 1'))[0]!.id;
    const { sessionId: other } = await checkout({ mode: 'SUBSCRIPTION', priceId });
    expect(refusalsOf(await set(other))).toEqual([{ code: 'BAD_USER_INPUT', field: 'checkoutSessionId' }]);
  });

  it('nothing half: where Stripe fails between two changes, the next call makes the rest', async () => {
    const { stripe } = shop.tenant;
    const { stripeSubscriptionId, stripeCustomerId, card } = shop.ada;
    await stripe.subscriptions.update(stripeSubscriptionId, { default_payment_method: card });
    const sessionId = await saved('5555 5555 5555 4444');
    await misbehave(shop.tenant, { kind: 'unavailable', next: 2, only: 'POST /v1/subscriptions/*' });
    expect(refusalsOf(await set(sessionId))).toMatchObject([{ code: 'STRIPE_ERROR' }]);
    await behave(shop.tenant);
    expect((await set(sessionId)).errors).toBeUndefined();
    const { default_payment_method: method } = await stripe.subscriptions.retrieve(stripeSubscriptionId);
    expect(method).toBe(await defaultOf(stripeCustomerId));
    expect(method).not.toBe(card);
  });
});

describe('is half done', () => {
  it('where Stripe refuses a subscription: the customer pays by it, and the log says so', async () => {
    const { stripe } = shop.tenant;
    const { id, stripeSubscriptionId, stripeCustomerId, card } = shop.ada;
    await stripe.subscriptions.update(stripeSubscriptionId, { default_payment_method: card });
    const sessionId = await saved('5555 5555 5555 4444');
    await misbehave(shop.tenant, { kind: 'refusal', next: 1, only: 'POST /v1/subscriptions/*' });
    expect(refusalsOf(await set(sessionId))).toMatchObject([{ code: 'STRIPE_ERROR' }]);
    const read = `{ customer(by: { id: "${id}" }) { paymentMethods { nodes { stripePaymentMethodId isDefault } } } }`;
    const { data } = await ask(billgraph, shop.tenant.apiKey, read);
    const known = data.customer.paymentMethods.nodes.find(({ isDefault }: { isDefault: boolean }) => isDefault);
    expect(known?.stripePaymentMethodId ?? null).not.toBe(card);
    expect(await defaultOf(stripeCustomerId)).not.toBe(card);
    const entries = await billgraph.app.orm.em
      .getConnection()
      .execute(`select after from audit_entry where subject_id = ?`, [id]);
    expect(entries).toContainEqual({ after: { defaultFromCheckout: sessionId } });
    expect((await set(sessionId)).errors).toBeUndefined();
    const { default_payment_method: method } = await stripe.subscriptions.retrieve(stripeSubscriptionId);
    expect(method).toBe(await defaultOf(stripeCustomerId));
  });
});

describe('is not allowed', () => {
  it('without the scope, without a credential, and for others', async () => {
    const sessionId = await saved(cards.ok);
    const key = await shop.tenant.newApiKey({ scopes: ['checkout:read'] });
    expect(refusalsOf(await set(sessionId, key))).toMatchObject([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await set(sessionId, null))).toMatchObject([{ code: 'UNAUTHENTICATED' }]);
    const bobs = await shop.tokenFor(shop.bob, ['checkout:write', 'customers:read', 'payment_methods:read']);
    const nobodys = [{ code: 'NOT_FOUND', field: 'checkoutSessionId' }];
    expect(refusalsOf(await set(sessionId, bobs))).toEqual(nobodys);
    const { apiKey } = await createTenant(billgraph);
    expect(refusalsOf(await set(sessionId, apiKey))).toEqual(nobodys);
  });
});
