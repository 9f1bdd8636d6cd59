import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, startBillgraph } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { asOwner } from '../rig/database.ts';
import { behave, misbehave } from '../rig/faults.ts';
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

const document = `query ($customerId: ID, $subscriptionId: ID) {
  upcomingInvoice(customerId: $customerId, subscriptionId: $subscriptionId) {
    subtotal { amount currency } discount { amount } tax { amount } total { amount formatted } startingBalance { amount }
    amountDue { amount } billingReason collectionMethod nextPaymentAttempt dueDate periodStart periodEnd hasMoreLines
    lines { description amount { amount currency } tax { amount } quantity proration periodStart periodEnd priceId stripeSubscriptionItemId } } }`;
const upcoming = (args: object, credential = shop.tenant.apiKey) =>
  ask(billgraph, credential, document, args as Record<string, unknown>);
const answer = async (args: object, credential?: string) => {
  const { data, errors } = await upcoming(args, credential);
  expect(errors).toBeUndefined();
  return data.upcomingInvoice;
};
const subscriptionOf = async ({ id }: { id: string }): Promise<string> => {
  const [row] = await asOwner(billgraph.databaseUrl, 'select id from subscription where customer_id = $1', [id]);
  return row.id;
};

describe('answers', () => {
  it('what a subscription is billed next, with its lines', async () => {
    const { stripe } = shop.tenant;
    const subscriptionId = await subscriptionOf(shop.ada);
    const { items } = await stripe.subscriptions.retrieve(shop.ada.stripeSubscriptionId);
    const [{ id: priceId }] = await asOwner(billgraph.databaseUrl, 'select id from price where stripe_price_id = $1', [
      shop.price,
    ]);
    const periodEnd = new Date(items.data[0]!.current_period_end * 1000).toISOString();
    const preview = await answer({ subscriptionId });
    expect(preview).toMatchObject({
      subtotal: { amount: '2900', currency: 'USD' },
      discount: { amount: '0' },
      tax: { amount: '0' },
      total: { amount: '2900', formatted: '$29.00' },
      startingBalance: { amount: '0' },
      amountDue: { amount: '2900' },
      collectionMethod: 'CHARGE_AUTOMATICALLY',
      nextPaymentAttempt: expect.any(String),
      dueDate: null,
      hasMoreLines: false,
      lines: [
        {
          description: expect.stringContaining('Pro'),
          amount: { amount: '2900', currency: 'USD' },
          quantity: '1',
          proration: false,
          periodStart: periodEnd,
          priceId,
          stripeSubscriptionItemId: items.data[0]!.id,
        },
      ],
    });
    expect(preview.nextPaymentAttempt >= periodEnd).toBe(true);
    expect(await answer({ customerId: shop.ada.id })).toMatchObject({ total: { amount: '2900' } });
  });

  it('discounts, credit, and what waits to be billed', async () => {
    const { stripe } = shop.tenant;
    const customer = shop.bob.stripeCustomerId;
    const { id: coupon } = await stripe.coupons.create({ percent_off: 10, duration: 'forever' });
    await stripe.subscriptions.update(shop.bob.stripeSubscriptionId, { discounts: [{ coupon }] });
    await stripe.invoiceItems.create({ customer, amount: 1_000, currency: 'usd', description: 'Setup' });
    await stripe.customers.createBalanceTransaction(customer, { amount: -500, currency: 'usd' });
    expect(await answer({ customerId: shop.bob.id })).toMatchObject({
      subtotal: { amount: '3900' },
      discount: { amount: '390' },
      total: { amount: '3510' },
      startingBalance: { amount: '-500' },
      amountDue: { amount: '3010' },
      lines: expect.arrayContaining([expect.objectContaining({ description: 'Setup', priceId: null })]),
    });
  });

  it("null where nothing comes, and for another tenant's, a random and a malformed id", async () => {
    const { stripe } = foreign.tenant;
    await stripe.subscriptions.update(foreign.bob.stripeSubscriptionId, { cancel_at_period_end: true });
    const ids = [await subscriptionOf(foreign.bob), await subscriptionOf(foreign.ada)];
    const key = foreign.tenant.apiKey;
    expect(await answer({ subscriptionId: ids[0] }, key)).toBeNull();
    await stripe.subscriptions.cancel(foreign.ada.stripeSubscriptionId);
    await billgraph.settled();
    expect(await answer({ subscriptionId: ids[1] }, key)).toBeNull();
    expect(await answer({ customerId: foreign.ada.id }, key)).toBeNull();
    for (const id of [ids[0], 'ps_00000000000000000000000000', '\0', ''])
      expect(await answer({ subscriptionId: id })).toBeNull();
    expect(await answer({ customerId: foreign.bob.id })).toBeNull();
  });

  it("a customer token: its own customer's, without naming it", async () => {
    const token = await shop.tokenFor(shop.ada, ['invoices:read']);
    for (const args of [{}, { customerId: shop.ada.id }, { subscriptionId: await subscriptionOf(shop.ada) }])
      expect(await answer(args, token)).toMatchObject({ total: { amount: '2900' } });
    for (const args of [{ customerId: shop.bob.id }, { subscriptionId: await subscriptionOf(shop.bob) }])
      expect(await answer(args, token)).toBeNull();
  });

  it('a price of nobody here has no id of ours', async () => {
    const { stripe } = shop.tenant;
    const price = await createPrice(shop.tenant);
    const { id } = await stripe.subscriptions.create({
      customer: shop.ada.stripeCustomerId,
      items: [{ price: price.id }],
    });
    await billgraph.settled();
    const [row] = await asOwner(
      billgraph.databaseUrl,
      `with gone as (update price set project_id = $2 where stripe_price_id = $3)
       select id from subscription where stripe_subscription_id = $1`,
      [id, foreign.tenant.projectId, price.id],
    );
    expect((await answer({ subscriptionId: row.id })).lines).toMatchObject([{ priceId: null }]);
  });
});

describe('refuses', () => {
  it.each([
    [{}, 'customerId'],
    [{ customerId: 'pc_1', subscriptionId: 'ps_1' }, 'subscriptionId'],
  ])('%j', async (args, field) => {
    expect(refusalsOf(await upcoming(args))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });

  it('where Stripe does not answer', async () => {
    await misbehave(shop.tenant, { kind: 'unavailable', only: 'POST /v1/invoices/create_preview' });
    const { errors } = await upcoming({ customerId: shop.ada.id });
    await behave(shop.tenant);
    expect(errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
  });
});

describe('is not allowed', () => {
  it('without the scope', async () => {
    const key = await shop.tenant.newApiKey({ scopes: ['subscriptions:read', 'customers:read'] });
    const token = await shop.tokenFor(shop.ada, ['subscriptions:read']);
    for (const credential of [key, token])
      expect(refusalsOf(await upcoming({ customerId: shop.ada.id }, credential))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
