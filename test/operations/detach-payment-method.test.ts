import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, startBillgraph } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { behave, misbehave, silence } from '../rig/faults.ts';
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

const document = `mutation ($input: DetachPaymentMethodInput!) { detachPaymentMethod(input: $input) { detachedPaymentMethodId } }`;
const detach = (input: object, credential: string | null = shop.tenant.apiKey) =>
  ask(billgraph, credential, document, { input });
const idOf = async (stripePaymentMethodId: string): Promise<string> => {
  const sql = 'select id from payment_method where stripe_payment_method_id = $1';
  return (await asOwner(billgraph.databaseUrl, sql, [stripePaymentMethodId]))[0].id;
};
const methodsOf = async ({ id }: { id: string }, credential = shop.tenant.apiKey) => {
  const query = `{ customer(by: { id: "${id}" }) { paymentMethods { nodes { id isDefault } } } }`;
  return (await ask(billgraph, credential, query)).data.customer.paymentMethods.nodes;
};

describe('answers', () => {
  it("before any webhook: it is the customer's no more, the default of a live subscription too", async () => {
    await silence(shop.tenant);
    const paymentMethodId = await idOf(shop.ada.card);
    const { data, errors } = await detach({ paymentMethodId });
    expect(errors).toBeUndefined();
    expect(data.detachPaymentMethod).toEqual({ detachedPaymentMethodId: paymentMethodId });
    expect(await methodsOf(shop.ada)).toEqual([]);
    const node = `{ node(id: "${paymentMethodId}") { ... on PaymentMethod { detachedAt customer { id } } } }`;
    expect((await ask(billgraph, shop.tenant.apiKey, node)).data.node).toEqual({
      detachedAt: expect.any(String),
      customer: null,
    });
    expect((await shop.tenant.stripe.paymentMethods.retrieve(shop.ada.card)).customer).toBeNull();
    const [entry] = await asOwner(
      billgraph.databaseUrl,
      `select subject_type from audit_entry where mutation = 'detachPaymentMethod' and subject_id = $1`,
      [paymentMethodId],
    );
    expect(entry).toEqual({ subject_type: 'PaymentMethod' });
  });

  it("a customer token: its own; and the same key finds it done where Stripe's answer was lost", async () => {
    const token = await shop.tokenFor(shop.bob, ['payment_methods:write', 'payment_methods:read', 'customers:read']);
    const paymentMethodId = await idOf(shop.bob.card);
    await misbehave(shop.tenant, { kind: 'connection_lost_after', next: 4, only: 'POST /v1/payment_methods/*' });
    const lost = await detach({ paymentMethodId, idempotencyKey: 'lost' }, token);
    expect(lost.errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
    await behave(shop.tenant);
    const { data } = await detach({ paymentMethodId, idempotencyKey: 'lost' }, token);
    expect(data.detachPaymentMethod.detachedPaymentMethodId).toBe(paymentMethodId);
    expect(await methodsOf(shop.bob, token)).toEqual([]);
  });
});

describe('refuses', () => {
  it("another tenant's method, another customer's, a detached one, a random and a malformed id alike", async () => {
    const key = foreign.tenant.apiKey;
    const token = await foreign.tokenFor(foreign.ada, ['payment_methods:write']);
    const bobs = await idOf(foreign.bob.card);
    const notFound = [{ code: 'NOT_FOUND', field: 'paymentMethodId' }];
    for (const paymentMethodId of [await idOf(shop.ada.card), 'ppm_00000000000000000000000000', '\0'])
      expect(refusalsOf(await detach({ paymentMethodId }, key))).toEqual(notFound);
    expect(refusalsOf(await detach({ paymentMethodId: bobs }, token))).toEqual(notFound);
    expect((await detach({ paymentMethodId: bobs }, key)).errors).toBeUndefined();
    expect(refusalsOf(await detach({ paymentMethodId: bobs }, key))).toEqual(notFound);
    // Stripe knows, and nobody has told us.
    await silence(foreign.tenant);
    await foreign.tenant.stripe.paymentMethods.detach(foreign.ada.card);
    expect(refusalsOf(await detach({ paymentMethodId: await idOf(foreign.ada.card) }, key))).toEqual(notFound);
  });
});

describe('is not allowed', () => {
  it('without the scope, to a key and to a frontend', async () => {
    const input = { paymentMethodId: await idOf(shop.ada.card) };
    const key = await shop.tenant.newApiKey({ scopes: ['payment_methods:read', 'customers:write'] });
    const token = await shop.tokenFor(shop.ada, ['payment_methods:read']);
    for (const credential of [key, token])
      expect(refusalsOf(await detach(input, credential))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await detach(input, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
  });
});
