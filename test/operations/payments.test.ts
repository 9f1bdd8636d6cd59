import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, startBillgraph } from '../rig/billgraph.ts';
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

const key = () => shop.tenant.apiKey;
const fields = `id status amount { amount currency } amountReceived { amount } amountRefunded { amount } lastError { code declineCode message }
  customer { id } latestCharge { status refunded disputed amountRefunded { amount } failureCode paymentMethodBrand paymentMethodLast4
    disputes { nodes { status reason amount { formatted } hasEvidence charge { id } } } } charges { totalCount }`;
const payment = async (id: string) => {
  const { data, errors } = await ask(billgraph, key(), `query ($id: ID!) { payment(id: $id) { ${fields} } }`, { id });
  expect(errors).toBeUndefined();
  return data.payment;
};
/** Which invoice a payment pays, and which payments an invoice is paid by. */
const booked = `query ($filter: PaymentFilter) { payments(filter: $filter) { nodes { id invoice { id status payments { nodes { id invoice { id } } } } } } }`;
const find = (id: string, credential: string | null = key()) =>
  ask(billgraph, credential, 'query ($id: ID!) { payment(id: $id) { id } }', { id });
/** Ada pays $20. */
const pay = async (of: Shop, method?: string) => {
  const { stripe } = of.tenant;
  const customer = of.ada.stripeCustomerId;
  const card = method ? (await stripe.paymentMethods.attach(method, { customer })).id : of.ada.card;
  const intent = await stripe.paymentIntents.create({ customer, amount: 2_000, currency: 'usd' });
  await stripe.paymentIntents.confirm(intent.id, { payment_method: card }).catch(() => undefined);
  await billgraph.settled();
  return intent.id;
};

describe('answers', () => {
  it('a payment, and what of it was given back', async () => {
    const intent = await pay(shop);
    const paid = await payment(intent);
    expect(paid).toMatchObject({
      status: 'SUCCEEDED',
      amount: { amount: '2000', currency: 'USD' },
      amountReceived: { amount: '2000' },
      amountRefunded: { amount: '0' },
      lastError: null,
      customer: { id: shop.ada.id },
      latestCharge: { status: 'SUCCEEDED', refunded: false, paymentMethodBrand: 'visa', paymentMethodLast4: '4242' },
      charges: { totalCount: 1 },
    });
    await shop.tenant.stripe.refunds.create({ payment_intent: intent, amount: 500 });
    await billgraph.settled();
    expect(await payment(paid.id)).toMatchObject({
      amountRefunded: { amount: '500' },
      latestCharge: { amountRefunded: { amount: '500' }, refunded: false },
    });
  });

  it('the invoice that it pays, and of that one its payments; null of one that stands alone', async () => {
    const alone = await pay(shop);
    const { data, errors } = await ask(billgraph, key(), booked, { filter: { customerId: shop.ada.id } });
    expect(errors).toBeUndefined();
    const { id: aloneId } = await payment(alone);
    const nodes: { id: string; invoice: any }[] = data.payments.nodes;
    expect(nodes.find(({ id }) => id === aloneId)!.invoice).toBeNull();
    const paying = nodes.filter(({ invoice }) => invoice);
    expect(paying).toHaveLength(1);
    const [{ id, invoice }] = paying as [{ id: string; invoice: { id: string } }];
    expect(invoice).toMatchObject({ status: 'PAID', payments: { nodes: [{ id, invoice: { id: invoice.id } }] } });
  });

  it('why an attempt failed, until one succeeds', async () => {
    const intent = await pay(shop, 'pm_card_chargeCustomerFail');
    expect(await payment(intent)).toMatchObject({
      status: 'REQUIRES_PAYMENT_METHOD',
      amountReceived: { amount: '0' },
      lastError: { code: 'card_declined', message: expect.any(String) },
      latestCharge: { status: 'FAILED', failureCode: 'card_declined' },
    });
    await shop.tenant.stripe.paymentIntents.confirm(intent, { payment_method: shop.ada.card });
    await billgraph.settled();
    expect(await payment(intent)).toMatchObject({
      status: 'SUCCEEDED',
      lastError: null,
      latestCharge: { status: 'SUCCEEDED', failureCode: null },
      charges: { totalCount: 2 },
    });
  });

  it('a dispute of it', async () => {
    const { latestCharge } = await payment(await pay(shop, 'pm_card_createDispute'));
    expect(latestCharge).toMatchObject({
      disputed: true,
      disputes: { nodes: [{ status: 'NEEDS_RESPONSE', reason: 'fraudulent', amount: { formatted: '$20.00' } }] },
    });
  });

  it('the lists, of a customer and by a filter', async () => {
    const document = `query ($filter: PaymentFilter, $id: ID!) { payments(filter: $filter) { totalCount }
      customer(by: { id: $id }) { payments { totalCount } } }`;
    const count = async (filter: object | null) => {
      const { data } = await ask(billgraph, key(), document, { filter, id: shop.bob.id });
      expect(data.customer.payments.totalCount).toBe(1);
      return data.payments.totalCount;
    };
    expect(await count({ customerId: shop.bob.id })).toBe(1);
    expect(await count({ customerId: shop.bob.id, status: ['CANCELED'] })).toBe(0);
    expect(await count({ customerId: foreign.bob.id })).toBe(0);
    expect(await count(null)).toBeGreaterThan(1);
  });

  it("null for another tenant's, a random and a malformed id", async () => {
    for (const id of [await pay(foreign), 'pay_00000000000000000000000000', 'pi_', '', '\0'])
      expect(await find(id)).toMatchObject({ data: { payment: null }, errors: undefined });
  });
});

describe('is not allowed', () => {
  it.each([
    'payment(id: "x") { id }',
    'payments { totalCount }',
    'invoices { nodes { payments { totalCount } } }',
    'customers { nodes { payments { totalCount } } }',
  ])('%s without the scope', async (field) => {
    const other = await shop.tenant.newApiKey({ scopes: ['customers:read', 'invoices:read'] });
    const [first] = refusalsOf(await ask(billgraph, other, `{ ${field} }`));
    expect(first).toEqual({ code: 'FORBIDDEN' });
    expect(refusalsOf(await ask(billgraph, null, `{ ${field} }`))).toEqual([{ code: 'UNAUTHENTICATED' }]);
  });

  it('to a frontend', async () => {
    await expect(shop.tokenFor(shop.ada, ['payments:read'])).rejects.toThrow();
  });
});
