import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let foreign: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  [tenant, foreign] = await Promise.all([createTenant(billgraph), createTenant(billgraph)]);
  for (const of of [tenant, foreign]) {
    const price = await createPrice(of);
    const archived = await createPrice(of, { product: price.product as string, unitAmount: 100 });
    await of.stripe.prices.update(archived.id, { active: false });
    const input = { email: 'ada@example.com' };
    const { data } = await ask(billgraph, of.apiKey, CreateCustomerDocument, { input });
    const customer = data.createCustomer.customer.stripeCustomerId;
    const card = await of.stripe.paymentMethods.attach('pm_card_visa', { customer });
    await of.stripe.subscriptions.create({ customer, items: [{ price: price.id }], default_payment_method: card.id });
  }
  await billgraph.settled();
});
afterAll(() => billgraph.close());

describe('answers', () => {
  it.each(['products', 'prices', 'subscriptions', 'customers'])("%s of one's own project alone", async (list) => {
    const document = `{ ${list} { totalCount nodes { id } } }`;
    const own = (await ask(billgraph, tenant.apiKey, document)).data[list];
    const others = (await ask(billgraph, foreign.apiKey, document)).data[list];
    expect([own.totalCount, others.totalCount]).toEqual([1, 1]);
    expect(own.nodes[0].id).not.toBe(others.nodes[0].id);
  });

  it('archived prices with their product, not in the list', async () => {
    const document =
      '{ prices { totalCount } products { nodes { prices { nodes { active unitAmount { formatted } } } } } }';
    const { data } = await ask(billgraph, tenant.apiKey, document);
    expect(data.prices.totalCount).toBe(1);
    // Made in the same second of Stripe's: which comes first is not said.
    const prices = data.products.nodes[0].prices.nodes as { active: boolean }[];
    expect(prices.toSorted((one, other) => Number(other.active) - Number(one.active))).toEqual([
      { active: true, unitAmount: { formatted: '$29.00' } },
      { active: false, unitAmount: { formatted: '$1.00' } },
    ]);
  });

  it("a subscription by its id; null for another tenant's, a random and a malformed one", async () => {
    const document = 'query ($id: ID!) { subscription(id: $id) { id status customer { email } } }';
    const { data } = await ask(billgraph, tenant.apiKey, '{ subscriptions { nodes { id } } }');
    const { id } = data.subscriptions.nodes[0];
    const found = await ask(billgraph, tenant.apiKey, document, { id });
    expect(found.data.subscription).toMatchObject({ id, status: 'ACTIVE', customer: { email: 'ada@example.com' } });
    for (const [credential, other] of [
      [foreign.apiKey, id],
      [tenant.apiKey, 'ps_00000000000000000000000000'],
      [tenant.apiKey, 'x'],
    ]) {
      expect(await ask(billgraph, credential!, document, { id: other })).toMatchObject({
        data: { subscription: null },
        errors: undefined,
      });
    }
  });
});

describe('is not allowed', () => {
  it.each([
    'products { totalCount }',
    'prices { totalCount }',
    'subscriptions { totalCount }',
    'subscription(id: "x") { id }',
  ])('%s without the scope', async (field) => {
    const key = await tenant.newApiKey({ scopes: ['customers:read'] });
    expect(refusalsOf(await ask(billgraph, key, `{ ${field} }`))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await ask(billgraph, null, `{ ${field} }`))).toEqual([{ code: 'UNAUTHENTICATED' }]);
  });
});
