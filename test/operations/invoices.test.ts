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
const list = async (filter: object | null, credential = key()) => {
  const document =
    'query ($filter: InvoiceFilter) { invoices(filter: $filter) { totalCount nodes { id customer { id } } } }';
  const { data, errors } = await ask(billgraph, credential, document, { filter });
  expect(errors).toBeUndefined();
  return data.invoices as { totalCount: number; nodes: { id: string; customer: { id: string } }[] };
};
const find = (id: string, credential: string | null = key()) =>
  ask(billgraph, credential, 'query ($id: ID!) { invoice(id: $id) { id } }', { id });
const idOf = async ({ id }: { id: string }, of = shop) =>
  (await list({ customerId: id }, of.tenant.apiKey)).nodes[0]!.id;

describe('answers', () => {
  it('an invoice with its money, and its lines with price and product, by our id and by that of Stripe', async () => {
    const document = `query ($id: ID!) { invoice(id: $id) {
      id number status stripeStatus billingReason collectionMethod attemptCount stripeInvoiceId hostedInvoiceUrl invoicePdf paidAt dueDate
      subtotal { amount } tax { amount } total { amount currency formatted } amountDue { amount } amountPaid { amount } amountRemaining { amount }
      customer { email } subscription { stripeSubscriptionId }
      lines { totalCount nodes { amount { formatted } tax { amount } quantity proration periodStart periodEnd
        price { unitAmount { amount } product { name } } } } } }`;
    const id = await idOf(shop.ada);
    const { data, errors } = await ask(billgraph, key(), document, { id });
    expect(errors).toBeUndefined();
    expect(data.invoice).toMatchObject({
      id,
      status: 'PAID',
      stripeStatus: 'paid',
      billingReason: 'SUBSCRIPTION_CREATE',
      collectionMethod: 'CHARGE_AUTOMATICALLY',
      attemptCount: 1,
      number: expect.any(String),
      hostedInvoiceUrl: expect.stringMatching(/^http/),
      invoicePdf: expect.stringMatching(/^http/),
      paidAt: expect.any(String),
      dueDate: null,
      subtotal: { amount: '2900' },
      tax: { amount: '0' },
      total: { amount: '2900', currency: 'USD', formatted: '$29.00' },
      amountDue: { amount: '2900' },
      amountPaid: { amount: '2900' },
      amountRemaining: { amount: '0' },
      customer: { email: 'ada@example.com' },
      subscription: { stripeSubscriptionId: shop.ada.stripeSubscriptionId },
      lines: {
        totalCount: 1,
        nodes: [
          {
            amount: { formatted: '$29.00' },
            tax: { amount: '0' },
            quantity: '1',
            proration: false,
            price: { unitAmount: { amount: '2900' }, product: { name: 'Pro' } },
          },
        ],
      },
    });
    expect((await find(data.invoice.stripeInvoiceId)).data.invoice).toEqual({ id });
  });

  it('the lists of a customer and of a subscription', async () => {
    const document = `query ($id: ID!) { customer(by: { id: $id }) { invoices { nodes { id } } subscription {
      latestInvoice { id } invoices(last: 1) { totalCount nodes { id } } } } }`;
    const { data } = await ask(billgraph, key(), document, { id: shop.ada.id });
    const id = await idOf(shop.ada);
    expect(data.customer).toEqual({
      invoices: { nodes: [{ id }] },
      subscription: { latestInvoice: { id }, invoices: { totalCount: 1, nodes: [{ id }] } },
    });
  });

  it('what a filter admits', async () => {
    expect((await list(null)).totalCount).toBe(2);
    expect((await list({ status: ['PAID'] })).totalCount).toBe(2);
    expect((await list({ status: ['OPEN', 'DRAFT'] })).totalCount).toBe(0);
    expect((await list({ status: [] })).totalCount).toBe(0);
    expect((await list({ customerId: shop.bob.id, status: ['PAID', 'VOID'] })).nodes).toMatchObject([
      { customer: { id: shop.bob.id } },
    ]);
    const { data } = await ask(billgraph, key(), '{ subscriptions(first: 1) { nodes { id customer { id } } } }');
    const [subscription] = data.subscriptions.nodes;
    expect((await list({ subscriptionId: subscription.id })).nodes).toMatchObject([
      { customer: subscription.customer },
    ]);
    for (const filter of [{ customerId: foreign.ada.id }, { customerId: 'x\0' }, { subscriptionId: '' }])
      expect((await list(filter)).totalCount).toBe(0);
  });

  it("null for another tenant's, a random and a malformed id", async () => {
    for (const id of [await idOf(foreign.ada, foreign), 'inv_00000000000000000000000000', 'in_', '', '\0'])
      expect(await find(id)).toMatchObject({ data: { invoice: null }, errors: undefined });
  });

  it("a customer token: its own customer's alone", async () => {
    const token = await shop.tokenFor(shop.ada, ['invoices:read', 'customers:read']);
    const { totalCount, nodes } = await list(null, token);
    expect([totalCount, nodes[0]!.customer.id]).toEqual([1, shop.ada.id]);
    expect((await find(nodes[0]!.id, token)).data.invoice).toEqual({ id: nodes[0]!.id });
    expect((await find(await idOf(shop.bob), token)).data.invoice).toBeNull();
    expect((await list({ customerId: shop.bob.id }, token)).totalCount).toBe(0);
  });
});

describe('refuses', () => {
  it.each([
    ['{ invoices(first: 0) { nodes { id } } }', 'first'],
    ['{ invoices(after: "x") { nodes { id } } }', 'after'],
    ['{ invoices { nodes { lines(last: 101) { nodes { id } } } } }', 'lines.last'],
  ])('%s', async (document, field) => {
    expect(refusalsOf(await ask(billgraph, key(), document))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });

  it('a status that there is none', async () => {
    const answer = await ask(billgraph, key(), '{ invoices(filter: { status: [LOST] }) { totalCount } }');
    expect(refusalsOf(answer)).toMatchObject([{ code: 'GRAPHQL_VALIDATION_FAILED' }]);
  });
});

describe('is not allowed', () => {
  it.each([
    'invoice(id: "x") { id }',
    'invoices { totalCount }',
    'customers { nodes { invoices { totalCount } } }',
    'subscriptions { nodes { latestInvoice { id } } }',
    'subscriptions { nodes { invoices { totalCount } } }',
  ])('%s without the scope', async (field) => {
    const other = await shop.tenant.newApiKey({ scopes: ['customers:read', 'subscriptions:read', 'payments:read'] });
    const [first] = refusalsOf(await ask(billgraph, other, `{ ${field} }`));
    expect(first).toEqual({ code: 'FORBIDDEN' });
    expect(refusalsOf(await ask(billgraph, null, `{ ${field} }`))).toEqual([{ code: 'UNAUTHENTICATED' }]);
  });
});
