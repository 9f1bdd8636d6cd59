import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCheckoutSessionDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, startBillgraph } from '../rig/billgraph.ts';
import { cards, createPrice, payment, submitCheckout } from '../rig/checkout.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { openShop, type Shop } from '../rig/shop.ts';

let billgraph: Billgraph;
let shop: Shop;
let foreign: Shop;
beforeAll(async () => {
  billgraph = await startBillgraph();
  [shop, foreign] = await Promise.all([openShop(billgraph), openShop(billgraph)]);
});
afterAll(() => billgraph.close());

const fields = `id mode status paymentStatus expiresAt stripeSessionId customer { id } price { unitAmount { amount } }
  subscription { status customer { id } } payment { status amountReceived { formatted } }`;
const find = (id: string, credential: string | null = shop.tenant.apiKey, selection = fields) =>
  ask(billgraph, credential, `query ($id: ID!) { checkoutSession(id: $id) { ${selection} } }`, { id });

async function open(mode: 'SUBSCRIPTION' | 'PAYMENT', of = shop) {
  const stripePrice = await createPrice(of.tenant, {
    unitAmount: 1_200,
    ...(mode === 'PAYMENT' && { recurring: null }),
  });
  await billgraph.settled();
  const prices = await ask(billgraph, of.tenant.apiKey, '{ prices { nodes { id stripePriceId } } }');
  const { id: priceId } = prices.data.prices.nodes.find(
    (price: { stripePriceId: string }) => price.stripePriceId === stripePrice.id,
  );
  const back = 'https://app.example.com/done';
  const input = { customerId: of.ada.id, priceId, mode, successUrl: back, cancelUrl: back };
  const { data, errors } = await ask(billgraph, of.tenant.apiKey, CreateCheckoutSessionDocument, { input });
  expect(errors).toBeUndefined();
  return data.createCheckoutSession as { sessionId: string; url: string };
}

describe('answers', () => {
  it.each([
    ['SUBSCRIPTION', { subscription: { status: 'ACTIVE' }, payment: null }],
    ['PAYMENT', { subscription: null, payment: { status: 'SUCCEEDED', amountReceived: { formatted: '$12.00' } } }],
  ] as const)('a session of mode %s, and what came of it', async (mode, came) => {
    const { sessionId, url } = await open(mode);
    const { data, errors } = await find(sessionId);
    expect(errors).toBeUndefined();
    expect(data.checkoutSession).toMatchObject({
      mode,
      status: 'OPEN',
      stripeSessionId: sessionId,
      expiresAt: expect.any(String),
      customer: { id: shop.ada.id },
      price: { unitAmount: { amount: '1200' } },
      subscription: null,
      payment: null,
    });
    await submitCheckout(url, payment(cards.ok));
    await billgraph.settled();
    const paid = { id: data.checkoutSession.id, status: 'COMPLETE', paymentStatus: 'PAID', ...came };
    for (const id of [sessionId, paid.id]) expect((await find(id)).data.checkoutSession).toMatchObject(paid);
  });

  it("null for another tenant's, a random and a malformed id", async () => {
    const { sessionId } = await open('SUBSCRIPTION', foreign);
    for (const id of [sessionId, 'pcs_00000000000000000000000000', 'cs_', '', '\0'])
      expect(await find(id)).toMatchObject({ data: { checkoutSession: null }, errors: undefined });
  });

  it("a customer token: its own customer's alone", async () => {
    const { sessionId } = await open('SUBSCRIPTION');
    const own = await shop.tokenFor(shop.ada, ['checkout:read']);
    const other = await shop.tokenFor(shop.bob, ['checkout:write']);
    expect((await find(sessionId, own, 'status')).data.checkoutSession).toEqual({ status: 'OPEN' });
    expect((await find(sessionId, other, 'status')).data.checkoutSession).toBeNull();
  });
});

describe('is not allowed', () => {
  it('without a scope of checkout, and what came of it not without its own', async () => {
    const { sessionId } = await open('SUBSCRIPTION');
    const without = await shop.tenant.newApiKey({ scopes: ['subscriptions:read', 'payments:read'] });
    expect(refusalsOf(await find(sessionId, without, 'id'))).toEqual([{ code: 'FORBIDDEN' }]);
    const alone = await shop.tenant.newApiKey({ scopes: ['checkout:read'] });
    for (const selection of ['subscription { id }', 'payment { id }', 'customer { id }'])
      expect(refusalsOf(await find(sessionId, alone, selection))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await find(sessionId, null, 'id'))).toEqual([{ code: 'UNAUTHENTICATED' }]);
  });
});
