import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Price } from '../../src/billing/catalog/price.entity.ts';
import { CheckoutSession } from '../../src/billing/checkout/checkout-session.entity.ts';
import { CreateCheckoutSessionDocument, CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let foreign: TestTenant;
let customerId: string;
let foreignCustomerId: string;
const priceIds = { monthly: '', once: '', archived: '', foreign: '' };

beforeAll(async () => {
  billgraph = await startBillgraph();
  [tenant, foreign] = await Promise.all([createTenant(billgraph), createTenant(billgraph)]);
  [customerId, foreignCustomerId] = await Promise.all([newCustomer(tenant), newCustomer(foreign)]);
  const stripePrices = {
    monthly: await createPrice(tenant),
    once: await createPrice(tenant, { recurring: null }),
    archived: await createPrice(tenant),
    foreign: await createPrice(foreign),
  };
  await tenant.stripe.prices.update(stripePrices.archived.id, { active: false });
  await billgraph.settled();
  for (const [name, { id }] of Object.entries(stripePrices)) {
    const price = await billgraph.app.orm.em.fork().findOneOrFail(Price, { stripePriceId: id });
    priceIds[name as keyof typeof priceIds] = price.id;
  }
});
afterAll(() => billgraph.close());

async function newCustomer({ apiKey }: TestTenant): Promise<string> {
  const input = { email: `${Math.random()}@example.com` };
  return (await ask(billgraph, apiKey, CreateCustomerDocument, { input })).data.createCustomer.customer.id;
}

const open = (input: object = {}, credential: string | null = tenant.apiKey) =>
  ask(billgraph, credential, CreateCheckoutSessionDocument, {
    input: {
      customerId,
      priceId: priceIds.monthly,
      successUrl: 'https://app.example.com/done?session={CHECKOUT_SESSION_ID}',
      cancelUrl: 'https://app.example.com/pricing',
      ...input,
    },
  });

describe('answers', () => {
  it("Stripe's page, with the caller's routing on the session and on what comes of it", async () => {
    const { data } = await open({ quantity: 3, trialDays: 14, metadata: { campaign: 'autumn' } });
    const { sessionId, url, expiresAt } = data.createCheckoutSession;
    expect((await fetch(url)).status).toBe(200);
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());

    const session = await tenant.stripe.checkout.sessions.retrieve(sessionId, { expand: ['line_items'] });
    expect(session).toMatchObject({
      mode: 'subscription',
      client_reference_id: customerId,
      success_url: 'https://app.example.com/done?session={CHECKOUT_SESSION_ID}',
      metadata: { campaign: 'autumn', billgraph_project_id: tenant.projectId, billgraph_customer_id: customerId },
    });
    expect(session.line_items!.data[0]).toMatchObject({ quantity: 3 });
  });

  it.each([
    [{ mode: 'PAYMENT', priceId: () => priceIds.once }, 'payment'],
    [{ mode: 'SETUP', priceId: () => null }, 'setup'],
  ])('mode %j', async ({ mode, priceId }, stripeMode) => {
    const { data, errors } = await open({ mode, priceId: priceId() });
    expect(errors).toBeUndefined();
    const session = await tenant.stripe.checkout.sessions.retrieve(data.createCheckoutSession.sessionId);
    expect(session.mode).toBe(stripeMode);
  });

  it('without a second session in Stripe for one row of ours', async () => {
    const { data } = await open();
    const { sessionId } = data.createCheckoutSession;
    const rows = await billgraph.app.orm.em.fork().find(CheckoutSession, { stripeSessionId: sessionId });
    expect(rows).toMatchObject([{ status: 'OPEN', mode: 'SUBSCRIPTION' }]);
  });
});

describe('refuses', () => {
  it.each([
    ['trialDays with mode PAYMENT', () => ({ mode: 'PAYMENT', priceId: priceIds.once, trialDays: 7 }), 'trialDays'],
    ['trialDays 0', () => ({ trialDays: 0 }), 'trialDays'],
    ['trialDays 731', () => ({ trialDays: 731 }), 'trialDays'],
    ['a one-time price with mode SUBSCRIPTION', () => ({ priceId: priceIds.once }), 'priceId'],
    ['a recurring price with mode PAYMENT', () => ({ mode: 'PAYMENT' }), 'priceId'],
    ['no price with mode SUBSCRIPTION', () => ({ priceId: null }), 'priceId'],
    ['a price with mode SETUP', () => ({ mode: 'SETUP' }), 'priceId'],
    ['a quantity with mode SETUP', () => ({ mode: 'SETUP', priceId: null, quantity: 2 }), 'quantity'],
    ['an archived price', () => ({ priceId: priceIds.archived }), 'priceId'],
    ['quantity 0', () => ({ quantity: 0 }), 'quantity'],
    ['quantity -1', () => ({ quantity: -1 }), 'quantity'],
    ['quantity 1,000,000', () => ({ quantity: 1_000_000 }), 'quantity'],
    ['a relative URL', () => ({ successUrl: '/done' }), 'successUrl'],
    ['a javascript: URL', () => ({ successUrl: 'javascript:alert(1)' }), 'successUrl'],
    ['a protocol-relative URL', () => ({ cancelUrl: '//evil.example' }), 'cancelUrl'],
    ['a URL with a user name', () => ({ cancelUrl: 'https://app.example.com@evil.example' }), 'cancelUrl'],
    ['a URL with one slash', () => ({ cancelUrl: 'https:/app.example.com' }), 'cancelUrl'],
    ['a data: URL', () => ({ successUrl: 'data:text/html,x' }), 'successUrl'],
    ['a URL that is too long', () => ({ successUrl: `https://example.com/${'a'.repeat(2_100)}` }), 'successUrl'],
    ['reserved metadata', () => ({ metadata: { billgraph_project_id: 'prj_other' } }), 'metadata.billgraph_project_id'],
  ])('%s', async (_name, input, field) => {
    const answer = await open(input());
    expect(refusalsOf(answer)).toEqual([{ code: 'BAD_USER_INPUT', field }]);
    expect(answer.errors![0]!.message.length).toBeGreaterThan(20);
  });

  it.each([
    ["another tenant's customer", () => ({ customerId: foreignCustomerId }), 'customerId'],
    ['a random customer', () => ({ customerId: 'pc_00000000000000000000000000' }), 'customerId'],
    ['a malformed customer', () => ({ customerId: "'; drop table customer" }), 'customerId'],
    ["another tenant's price", () => ({ priceId: priceIds.foreign }), 'priceId'],
    ['a random price', () => ({ priceId: 'pri_00000000000000000000000000' }), 'priceId'],
    ["Stripe's own price id", () => ({ priceId: 'price_1MoBy5LkdIwHu7ixZhnattbh' }), 'priceId'],
  ])('%s, the same as any other that is not there', async (_name, input, field) => {
    const { errors } = await open(input());
    const noun = field === 'priceId' ? 'price' : 'customer';
    expect(errors).toMatchObject([
      {
        message: `There is no such ${noun} in this project and environment.`,
        extensions: { code: 'NOT_FOUND', field },
      },
    ]);
  });

  it('a price of another project of the same team and Stripe account', async () => {
    const sibling = await createTenant(billgraph, { teamId: tenant.teamId });
    const answer = await open({ customerId: await newCustomer(sibling) }, sibling.apiKey);
    expect(refusalsOf(answer)).toEqual([{ code: 'NOT_FOUND', field: 'priceId' }]);
  });
});

describe('is not allowed', () => {
  it('without the scope', async () => {
    const key = await tenant.newApiKey({ scopes: ['customers:read', 'customers:write'] });
    expect(refusalsOf(await open({}, key))).toEqual([{ code: 'FORBIDDEN' }]);
  });

  it('without a credential', async () => {
    expect(refusalsOf(await open({}, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
  });
});
