import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCheckoutSessionDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, startBillgraph } from '../rig/billgraph.ts';
import { cards, payment, submitCheckout } from '../rig/checkout.ts';
import { behave, misbehave, silence } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { openShop, type Shop, type Shopper } from '../rig/shop.ts';

let billgraph: Billgraph;
let shop: Shop;
let foreign: Shop;
let priceId: string;
beforeAll(async () => {
  billgraph = await startBillgraph();
  [shop, foreign] = await Promise.all([openShop(billgraph), openShop(billgraph)]);
  const { data } = await ask(billgraph, shop.tenant.apiKey, '{ prices { nodes { id } } }');
  priceId = data.prices.nodes[0].id;
});
afterAll(() => billgraph.close());

const document =
  'mutation ($input: ExpireCheckoutSessionInput!) { expireCheckoutSession(input: $input) { checkoutSession { id status stripeSessionId } } }';
const expire = (checkoutSessionId: string, credential: string | null = shop.tenant.apiKey) =>
  ask(billgraph, credential, document, { input: { checkoutSessionId } });
const notFound = [{ code: 'NOT_FOUND', field: 'checkoutSessionId' }];
const conflict = [{ code: 'CONFLICT', field: 'checkoutSessionId' }];

let serial = 0;
async function open(of: Shop = shop, buyer: Pick<Shopper, 'id'> = of.ada): Promise<{ sessionId: string; url: string }> {
  const back = `https://app.example.com/${serial++}`;
  const sold = of === shop ? { priceId } : { mode: 'SETUP' };
  const input = { customerId: buyer.id, ...sold, successUrl: back, cancelUrl: back };
  const { data, errors } = await ask(billgraph, of.tenant.apiKey, CreateCheckoutSessionDocument, { input });
  expect(errors).toBeUndefined();
  return data.createCheckoutSession;
}

describe('answers', () => {
  it('the session, which has expired here and in Stripe, by either id; its page takes nothing', async () => {
    for (const name of ['stripeSessionId', 'id']) {
      const { sessionId, url } = await open();
      const query = `{ checkoutSession(id: "${sessionId}") { id stripeSessionId } }`;
      const { data } = await ask(billgraph, shop.tenant.apiKey, query);
      const answer = await expire(data.checkoutSession[name]);
      expect(answer.errors).toBeUndefined();
      const { id, stripeSessionId } = data.checkoutSession;
      expect(answer.data.expireCheckoutSession.checkoutSession).toEqual({ id, stripeSessionId, status: 'EXPIRED' });
      expect((await shop.tenant.stripe.checkout.sessions.retrieve(sessionId)).status).toBe('expired');
      expect((await fetch(url, { method: 'POST', body: new URLSearchParams(payment(cards.ok)) })).status).toBe(410);
    }
  });

  it("a customer token: its own customer's", async () => {
    const { sessionId } = await open();
    const token = await shop.tokenFor(shop.ada, ['checkout:write']);
    expect((await expire(sessionId, token)).data.expireCheckoutSession.checkoutSession.status).toBe('EXPIRED');
  });
});

describe('refuses', () => {
  it('one that has expired', async () => {
    const { sessionId } = await open();
    await expire(sessionId);
    expect(refusalsOf(await expire(sessionId))).toEqual(conflict);
  });

  it("another tenant's, another customer's to a token, and what is none", async () => {
    const { sessionId } = await open(foreign);
    for (const id of [sessionId, 'pcs_00000000000000000000000000', 'cs_none', '', '\0', 'x'.repeat(10_000)])
      expect(refusalsOf(await expire(id))).toEqual(notFound);
    const token = await shop.tokenFor(shop.bob, ['checkout:write']);
    expect(refusalsOf(await expire((await open()).sessionId, token))).toEqual(notFound);
  });

  it('one that is complete, whether we have been told or not', async () => {
    const told = await open();
    await submitCheckout(told.url, payment(cards.ok));
    await billgraph.settled();
    expect(refusalsOf(await expire(told.sessionId))).toEqual(conflict);

    await silence(shop.tenant);
    const { sessionId, url } = await open();
    await submitCheckout(url, payment(cards.ok));
    const answer = await expire(sessionId);
    expect(refusalsOf(answer)).toEqual(conflict);
    expect(answer.errors![0]!.message).toContain('complete');
    const { data } = await ask(billgraph, shop.tenant.apiKey, `{ checkoutSession(id: "${sessionId}") { status } }`);
    expect(data.checkoutSession.status).toBe('COMPLETE');
  });
});

describe('is not allowed', () => {
  it('without the scope, or a credential', async () => {
    const reader = await shop.tenant.newApiKey({ scopes: ['checkout:read'] });
    expect(refusalsOf(await expire('cs_1', reader))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await expire('cs_1', null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
  });
});

describe('answers, and no webhook tells of it', () => {
  it('the same again, where the first answer of Stripe was lost', async () => {
    await silence(shop.tenant);
    const { sessionId } = await open();
    await misbehave(shop.tenant, { kind: 'connection_lost_after', only: 'POST /v1/checkout/sessions/*', next: 4 });
    const lost = await expire(sessionId);
    expect(lost.errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
    await behave(shop.tenant);
    expect((await expire(sessionId)).data.expireCheckoutSession.checkoutSession.status).toBe('EXPIRED');
  });
});
