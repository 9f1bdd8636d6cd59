import { afterAll, beforeAll, expect, it } from 'vitest';
import { rowsOf } from '../reconciliation/reconciliation.rig.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let price: string;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  const { stripe } = tenant;
  const product = await stripe.products.create({ name: 'Seats' });
  const feature = await stripe.entitlements.features.create({ name: 'Export', lookup_key: 'export' });
  await stripe.products.createFeature(product.id, { entitlement_feature: feature.id });
  price = (
    await stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 2_000,
      recurring: { interval: 'month' },
    })
  ).id;
});
afterAll(() => billgraph.close());

/** A customer made in Stripe's dashboard, with a subscription that he pays by this card: nothing says whose he is. */
async function stranger(paymentMethod: string): Promise<string> {
  const { stripe } = tenant;
  const { id } = await stripe.customers.create({ email: `${crypto.randomUUID()}@example.com` });
  const card = await stripe.paymentMethods.attach(paymentMethod, { customer: id });
  await stripe.subscriptions.create({ customer: id, items: [{ price }], default_payment_method: card.id });
  await billgraph.settled();
  return id;
}

const kinds = {
  active_entitlement: 'entitlement',
  charge: 'charge',
  dispute: 'dispute',
  invoice: 'invoice',
  invoice_payment: 'payment of an invoice',
  payment: 'payment',
  payment_method: 'payment method',
  subscription: 'subscription',
};

/** What has come of a customer to the project. */
async function arrivedOf(stripeCustomerId: string): Promise<string[]> {
  const each = Object.entries(kinds).map(
    ([table, kind]) => `select '${kind}' as kind, customer_id from ${table} where project_id = $2`,
  );
  const rows = await rowsOf(
    billgraph,
    `select distinct kind from (${each.join(' union all ')}) mine join customer on customer.id = customer_id
     where stripe_customer_id = $1`,
    [stripeCustomerId, tenant.projectId],
  );
  return rows.map(({ kind }) => kind).sort();
}

const undone = async () =>
  (
    await rowsOf(billgraph, `select type from inbound_event where outcome = 'unrouted' and connection_id = $1`, [
      tenant.connectionId,
    ])
  ).map(({ type }) => type);

it("brings what a customer had before the dashboard said whose he is, and nobody else's", async () => {
  const [id, other] = [await stranger('pm_card_createDispute'), await stranger('pm_card_visa')];
  expect(await arrivedOf(id)).toEqual([]);
  const strays = await undone();
  expect(strays).toEqual(
    expect.arrayContaining(['customer.subscription.created', 'invoice.paid', 'charge.dispute.created']),
  );

  await tenant.stripe.customers.update(id, { metadata: { billgraph_project_id: tenant.projectId } });
  await billgraph.settled();
  expect(await arrivedOf(id)).toEqual(Object.values(kinds).sort());
  expect(await arrivedOf(other)).toEqual([]);
  const left = await undone();
  expect(left).not.toContain('charge.dispute.created');

  await tenant.stripe.customers.update(other, { metadata: { billgraph_project_id: tenant.projectId } });
  await billgraph.settled();
  expect(await arrivedOf(other)).toEqual(
    Object.values(kinds)
      .filter((kind) => kind !== 'dispute')
      .sort(),
  );
  expect(await undone()).toEqual([]);
});
