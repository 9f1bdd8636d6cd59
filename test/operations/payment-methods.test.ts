import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, startBillgraph } from '../rig/billgraph.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { openShop, type Shop } from '../rig/shop.ts';

let billgraph: Billgraph;
let shop: Shop;
beforeAll(async () => {
  billgraph = await startBillgraph();
  shop = await openShop(billgraph);
});
afterAll(() => billgraph.close());

const document = `query ($id: ID!) { customer(by: { id: $id }) { defaultPaymentMethod { stripePaymentMethodId } paymentMethods { totalCount nodes {
  stripePaymentMethodId type brand last4 expiryMonth expiryYear isDefault detachedAt } } } }`;
const customerOf = async ({ id }: { id: string }, credential = shop.tenant.apiKey) => {
  const { data, errors } = await ask(billgraph, credential, document, { id });
  expect(errors).toBeUndefined();
  return data.customer;
};
const methodsOf = async (of: { id: string }, credential?: string) => (await customerOf(of, credential))?.paymentMethods;

describe('answers', () => {
  it('what a customer can pay with, which is the default, and no more once it is detached', async () => {
    const { stripe } = shop.tenant;
    const { stripeCustomerId: customer, card } = shop.ada;
    const other = await stripe.paymentMethods.attach('pm_card_mastercard', { customer });
    await billgraph.settled();
    const before = await customerOf(shop.ada);
    const both = before.paymentMethods.nodes;
    expect(before.defaultPaymentMethod).toEqual({ stripePaymentMethodId: card });
    const one = (id: string) =>
      both.find((method: { stripePaymentMethodId: string }) => method.stripePaymentMethodId === id);
    expect(both).toHaveLength(2);
    expect(one(card)).toMatchObject({
      type: 'card',
      brand: 'visa',
      last4: '4242',
      expiryMonth: expect.any(Number),
      expiryYear: expect.any(Number),
      isDefault: true,
      detachedAt: null,
    });
    expect(one(other.id)).toMatchObject({ brand: 'mastercard', isDefault: false });

    await stripe.customers.update(customer, { invoice_settings: { default_payment_method: other.id } });
    await stripe.paymentMethods.detach(card);
    await billgraph.settled();
    expect(await customerOf(shop.ada)).toMatchObject({
      defaultPaymentMethod: { stripePaymentMethodId: other.id },
      paymentMethods: { totalCount: 1, nodes: [{ stripePaymentMethodId: other.id, isDefault: true }] },
    });
    await stripe.customers.update(customer, { invoice_settings: { default_payment_method: '' } });
    await billgraph.settled();
    expect((await customerOf(shop.ada)).defaultPaymentMethod).toBeNull();
  });

  it("a customer token: its own customer's alone", async () => {
    const token = await shop.tokenFor(shop.bob, ['customers:read', 'payment_methods:read']);
    expect((await methodsOf(shop.bob, token)).totalCount).toBe(1);
    expect(await methodsOf(shop.ada, token)).toBeUndefined();
  });
});

describe('is not allowed', () => {
  it("without the scope, to a key and to a customer's token", async () => {
    const credentials = [
      await shop.tenant.newApiKey({ scopes: ['customers:read'] }),
      await shop.tokenFor(shop.ada, ['customers:read']),
    ];
    for (const credential of credentials)
      expect(refusalsOf(await ask(billgraph, credential, document, { id: shop.ada.id }))).toEqual([
        { code: 'FORBIDDEN' },
        { code: 'FORBIDDEN' },
      ]);
  });
});
