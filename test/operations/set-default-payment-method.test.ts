import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, startBillgraph } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { behave, misbehave, silence } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { openShop, type Shop, type Shopper } from '../rig/shop.ts';

let billgraph: Billgraph;
let shop: Shop;
let foreign: Shop;
beforeAll(async () => {
  billgraph = await startBillgraph();
  [shop, foreign] = await Promise.all([openShop(billgraph), openShop(billgraph)]);
});
afterAll(() => billgraph.close());

const document = `mutation ($input: SetDefaultPaymentMethodInput!) { setDefaultPaymentMethod(input: $input) {
  paymentMethod { id brand isDefault customer { id paymentMethods { nodes { id isDefault } } } } } }`;
const choose = (input: object, credential: string | null = shop.tenant.apiKey) =>
  ask(billgraph, credential, document, { input });
const idOf = async (stripePaymentMethodId: string): Promise<string> => {
  const sql = 'select id from payment_method where stripe_payment_method_id = $1';
  return (await asOwner(billgraph.databaseUrl, sql, [stripePaymentMethodId]))[0].id;
};
/** Another card of a customer's, which is not the default. */
const addCard = async (of: Shop, { stripeCustomerId: customer }: Shopper, card = 'pm_card_mastercard') => {
  const { id: stripeId } = await of.tenant.stripe.paymentMethods.attach(card, { customer });
  await billgraph.settled();
  return { id: await idOf(stripeId), stripeId };
};
const defaultOf = async ({ tenant }: Shop, { stripeCustomerId }: Shopper) => {
  const customer = await tenant.stripe.customers.retrieve(stripeCustomerId);
  return 'invoice_settings' in customer ? customer.invoice_settings.default_payment_method : null;
};

describe('answers', () => {
  it('the method, which is the only default now, in Stripe and here', async () => {
    const card = await addCard(shop, shop.ada);
    const { data, errors } = await choose({ customerId: shop.ada.id, paymentMethodId: card.id });
    expect(errors).toBeUndefined();
    const { customer, ...method } = data.setDefaultPaymentMethod.paymentMethod;
    expect(method).toEqual({ id: card.id, brand: 'mastercard', isDefault: true });
    const defaults = customer.paymentMethods.nodes.filter((one: { isDefault: boolean }) => one.isDefault);
    expect(defaults).toEqual([{ id: card.id, isDefault: true }]);
    expect(await defaultOf(shop, shop.ada)).toBe(card.stripeId);
  });

  it("a customer token: its own, without naming the customer, also where Stripe's address is another customer's", async () => {
    const scopes = ['payment_methods:write', 'payment_methods:read', 'customers:read'];
    const token = await shop.tokenFor(shop.bob, scopes);
    const card = await addCard(shop, shop.bob);
    const { data, errors } = await choose({ paymentMethodId: card.id }, token);
    expect(errors).toBeUndefined();
    expect(data.setDefaultPaymentMethod.paymentMethod).toMatchObject({
      isDefault: true,
      customer: { id: shop.bob.id },
    });

    await shop.tenant.stripe.customers.update(shop.bob.stripeCustomerId, { email: 'ada@example.com' });
    const first = await idOf(shop.bob.card);
    const again = await choose({ customerId: shop.bob.id, paymentMethodId: first }, token);
    expect(again.errors).toBeUndefined();
    expect(again.data.setDefaultPaymentMethod.paymentMethod).toMatchObject({ id: first, isDefault: true });
    await billgraph.settled();
    const { data: bob } = await ask(billgraph, token, `{ customer(by: { id: "${shop.bob.id}" }) { email } }`);
    expect(bob.customer.email).toBe('bob@example.com');
  });

  it('Stripe answers too late: the same key finds it done', async () => {
    const { id: paymentMethodId } = await addCard(shop, shop.ada, 'pm_card_amex');
    await misbehave(shop.tenant, { kind: 'connection_lost_after', next: 4, only: 'POST /v1/customers/*' });
    const lost = await choose({ paymentMethodId, idempotencyKey: 'lost' });
    expect(lost.errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
    await behave(shop.tenant);
    const { data } = await choose({ paymentMethodId, idempotencyKey: 'lost' });
    expect(data.setDefaultPaymentMethod.paymentMethod.isDefault).toBe(true);
  });
});

describe('refuses', () => {
  it("another tenant's method, another customer's, a random and a malformed id alike", async () => {
    const [own, bobs, theirs] = [await idOf(shop.ada.card), await idOf(shop.bob.card), await idOf(foreign.ada.card)];
    const notFound = [{ code: 'NOT_FOUND', field: 'paymentMethodId' }];
    for (const paymentMethodId of [bobs, theirs, 'ppm_00000000000000000000000000', '\0'])
      expect(refusalsOf(await choose({ customerId: shop.ada.id, paymentMethodId }))).toEqual(notFound);
    const token = await shop.tokenFor(shop.ada, ['payment_methods:write']);
    for (const paymentMethodId of [bobs, theirs])
      expect(refusalsOf(await choose({ paymentMethodId }, token))).toEqual(notFound);
    for (const customerId of [shop.bob.id, foreign.ada.id])
      expect(refusalsOf(await choose({ customerId, paymentMethodId: own }, token))).toEqual([
        { code: 'NOT_FOUND', field: 'customerId' },
      ]);
  });

  it('a method that was detached in Stripe, whether we were told or not', async () => {
    const { stripe } = foreign.tenant;
    const told = await addCard(foreign, foreign.bob);
    const untold = await addCard(foreign, foreign.bob);
    await stripe.paymentMethods.detach(told.stripeId);
    await billgraph.settled();
    await silence(foreign.tenant);
    await stripe.paymentMethods.detach(untold.stripeId);
    for (const { id: paymentMethodId } of [told, untold])
      expect(refusalsOf(await choose({ paymentMethodId }, foreign.tenant.apiKey))).toEqual([
        { code: 'NOT_FOUND', field: 'paymentMethodId' },
      ]);
  });
});

describe('is not allowed', () => {
  it('without the scope, to a key and to a frontend', async () => {
    const input = { paymentMethodId: await idOf(shop.ada.card) };
    const key = await shop.tenant.newApiKey({ scopes: ['payment_methods:read', 'customers:write'] });
    const token = await shop.tokenFor(shop.ada, ['payment_methods:read', 'customers:read']);
    for (const credential of [key, token])
      expect(refusalsOf(await choose(input, credential))[0]).toEqual({ code: 'FORBIDDEN' });
    expect(refusalsOf(await choose(input, null))[0]).toEqual({ code: 'UNAUTHENTICATED' });
  });
});
