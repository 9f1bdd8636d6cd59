import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { payment as card, cards, createPrice, submitCheckout } from '../rig/checkout.ts';
import { ask } from '../rig/graph.ts';
import { advance, at, customerOnClock } from '../sandbox/clock.rig.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

const graph = async (document: string, input: object = {}) => {
  const { data, errors } = await ask(billgraph, tenant.apiKey, document, input as Record<string, unknown>);
  expect(errors).toBeUndefined();
  return data;
};

it('a card is saved by a checkout in setup mode, becomes the default, and pays the next invoice', async () => {
  const { stripe } = tenant;
  const { clock, customer: stripeCustomerId } = await customerOnClock(stripe);
  const { id: price } = await createPrice(tenant);
  await stripe.subscriptions.create({ customer: stripeCustomerId, items: [{ price }] });
  const linked = await graph(
    `mutation ($id: String!) { linkStripeCustomer(input: { stripeCustomerId: $id }) { customer { id } } }`,
    { id: stripeCustomerId },
  );
  const { id: customerId } = linked.linkStripeCustomer.customer;
  await billgraph.settled();

  const input = {
    customerId,
    mode: 'SETUP',
    successUrl: 'https://example.com/done',
    cancelUrl: 'https://example.com/no',
  };
  const opened = await graph(
    `mutation ($input: CreateCheckoutSessionInput!) { createCheckoutSession(input: $input) { url } }`,
    { input },
  );
  const saved = await submitCheckout(opened.createCheckoutSession.url, card('5555 5555 5555 4444'));
  expect(saved.status).toBe(303);
  await billgraph.settled();
  const methods = `query ($id: ID!) { customer(by: { id: $id }) { paymentMethods { nodes { id brand isDefault } } } }`;
  const { customer } = await graph(methods, { id: customerId });
  const mastercard = customer.paymentMethods.nodes.find((one: { brand: string }) => one.brand === 'mastercard');
  expect(mastercard).toMatchObject({ isDefault: false });

  const { setDefaultPaymentMethod } = await graph(
    `mutation ($input: SetDefaultPaymentMethodInput!) { setDefaultPaymentMethod(input: $input) { paymentMethod { isDefault } } }`,
    { input: { customerId, paymentMethodId: mastercard.id } },
  );
  expect(setDefaultPaymentMethod.paymentMethod.isDefault).toBe(true);

  await advance(stripe, clock, at(2027, 2) + 7_200);
  await billgraph.settled();
  const books = `query ($id: ID!) { customer(by: { id: $id }) { invoices(last: 1) { totalCount nodes { status billingReason total { amount } } }
    payments(last: 1) { nodes { status latestCharge { paymentMethodBrand paymentMethodLast4 } } } } }`;
  expect((await graph(books, { id: customerId })).customer).toEqual({
    invoices: {
      totalCount: 2,
      nodes: [{ status: 'PAID', billingReason: 'SUBSCRIPTION_CYCLE', total: { amount: '2900' } }],
    },
    payments: {
      nodes: [{ status: 'SUCCEEDED', latestCharge: { paymentMethodBrand: 'mastercard', paymentMethodLast4: '4444' } }],
    },
  });
});

it('a payment for a subscription is given back in part, then the rest: the invoice stays paid, and access stays', async () => {
  const { stripe } = tenant;
  const { createCustomer } = await graph(
    `mutation { createCustomer(input: { email: "bob@example.com" }) { customer { id } } }`,
  );
  const { id } = createCustomer.customer;
  const price = await createPrice(tenant);
  await billgraph.settled();
  const { prices } = await graph('{ prices(last: 1) { nodes { id stripePriceId } } }');
  expect(prices.nodes[0].stripePriceId).toBe(price.id);
  const input = {
    ...{ customerId: id, priceId: prices.nodes[0].id },
    ...{ successUrl: 'https://example.com/done', cancelUrl: 'https://example.com/no' },
  };
  const opened = await graph(
    `mutation ($input: CreateCheckoutSessionInput!) { createCheckoutSession(input: $input) { url } }`,
    { input },
  );
  await submitCheckout(opened.createCheckoutSession.url, card(cards.ok));
  await billgraph.settled();

  const state = `query ($id: ID!) { customer(by: { id: $id }) { subscription { status hasAccess }
    invoices { nodes { status amountPaid { amount } } }
    payments { nodes { id status amountReceived { amount } amountRefunded { amount } latestCharge { refunded } } } } }`;
  const look = async () => (await graph(state, { id })).customer;
  const [payment] = (await look()).payments.nodes;
  const refund = `mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) { refund { status amount { amount } } } }`;
  for (const [amount, refunded, isAll] of [
    ['900', '900', false],
    [null, '2900', true],
  ] as const) {
    const { refundPayment } = await graph(refund, {
      input: { paymentId: payment.id, amount, reason: 'REQUESTED_BY_CUSTOMER' },
    });
    expect(refundPayment.refund).toEqual({ status: 'SUCCEEDED', amount: { amount: amount ?? '2000' } });
    await billgraph.settled();
    expect(await look()).toEqual({
      subscription: { status: 'ACTIVE', hasAccess: true },
      invoices: { nodes: [{ status: 'PAID', amountPaid: { amount: '2900' } }] },
      payments: {
        nodes: [
          {
            id: payment.id,
            status: 'SUCCEEDED',
            amountReceived: { amount: '2900' },
            amountRefunded: { amount: refunded },
            latestCharge: { refunded: isAll },
          },
        ],
      },
    });
  }
  expect((await stripe.balanceTransactions.list({ type: 'refund' })).data.map(({ amount }) => amount)).toEqual([
    -2_000, -900,
  ]);
});

it('a card is declined, another one pays the same payment', async () => {
  const { stripe } = tenant;
  const { createPaymentIntent } = await graph(
    `mutation { createPaymentIntent(input: { amount: 1500, currency: "EUR", description: "Ten credits" }) {
      clientSecret payment { id } } }`,
  );
  const { clientSecret, payment } = createPaymentIntent;
  // As the browser does, with the secret.
  const confirm = (payment_method: string) =>
    stripe.paymentIntents.confirm(clientSecret.split('_secret')[0], {
      payment_method,
      return_url: 'https://example.com/done',
    });
  const document = `query ($id: ID!) { payment(id: $id) { status amountReceived { amount currency } lastError { code declineCode }
    charges { nodes { status failureCode } } } }`;
  const look = async () => {
    await billgraph.settled();
    return (await graph(document, { id: payment.id })).payment;
  };
  await expect(confirm('pm_card_chargeDeclinedInsufficientFunds')).rejects.toThrow();
  expect(await look()).toEqual({
    status: 'REQUIRES_PAYMENT_METHOD',
    amountReceived: { amount: '0', currency: 'EUR' },
    lastError: { code: 'card_declined', declineCode: 'insufficient_funds' },
    charges: { nodes: [{ status: 'FAILED', failureCode: 'card_declined' }] },
  });
  await confirm('pm_card_visa');
  expect(await look()).toMatchObject({
    status: 'SUCCEEDED',
    amountReceived: { amount: '1500' },
    lastError: null,
    charges: { nodes: [{ status: 'FAILED' }, { status: 'SUCCEEDED', failureCode: null }] },
  });
});
