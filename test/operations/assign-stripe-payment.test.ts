import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowsOf } from '../reconciliation/reconciliation.rig.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let sister: TestTenant;
let key: string;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  sister = await createTenant(billgraph, { teamId: tenant.teamId });
  key = await tenant.newApiKey({ projectIds: [tenant.projectId, sister.projectId] });
});
afterAll(() => billgraph.close());

const document =
  'mutation ($input: AssignStripePaymentInput!) { assignStripePayment(input: $input) { paymentId replayed } }';
const assign = (input: object, credential = key) =>
  ask(billgraph, credential, document, { input }, { 'billgraph-project': tenant.projectId });

/** A guest's payment: nothing says whose it is. */
async function guestPays() {
  const payment = { amount: 2_000, currency: 'usd', payment_method: 'pm_card_visa', confirm: true };
  const { id } = await tenant.stripe.paymentIntents.create(payment);
  await billgraph.settled();
  return id;
}
const chargesOf = (id: string) =>
  rowsOf(
    billgraph,
    `select p.project_id as paid, c.project_id as charged, p.customer_id from payment p join charge c on c.payment_id = p.id
     where stripe_payment_intent_id = $1`,
    [id],
  );

describe('answers', () => {
  it('the payment, which comes to the project with its charge, and stays there', async () => {
    const id = await guestPays();
    expect(await chargesOf(id)).toEqual([]);
    const input = { stripePaymentIntentId: id, projectId: sister.projectId };
    const { data, errors } = await assign(input);
    expect(errors).toBeUndefined();
    expect(data.assignStripePayment.paymentId).toMatch(/^pay_/);
    expect(data.assignStripePayment.replayed).toBeGreaterThanOrEqual(2);
    await billgraph.settled();
    expect(await chargesOf(id)).toEqual([{ paid: sister.projectId, charged: sister.projectId, customer_id: null }]);
    await tenant.stripe.refunds.create({ payment_intent: id });
    await billgraph.settled();
    const facts = await rowsOf(
      billgraph,
      `select type from billing_event where project_id = $1 and type like 'payment.%' order by id`,
      [sister.projectId],
    );
    expect(facts.map(({ type }) => type)).toEqual(['payment.succeeded', 'payment.refunded']);
    expect((await assign(input)).data.assignStripePayment.paymentId).toBe(data.assignStripePayment.paymentId);
  });

  it('without any event that is left', async () => {
    const id = await guestPays();
    await rowsOf(billgraph, `delete from inbound_event where outcome = 'unrouted'`);
    const { data } = await assign({ stripePaymentIntentId: id, projectId: tenant.projectId });
    expect(data.assignStripePayment.replayed).toBe(0);
    await billgraph.settled();
    expect(await chargesOf(id)).toMatchObject([{ paid: tenant.projectId, charged: tenant.projectId }]);
  });
});

describe('refuses', () => {
  it('a payment that belongs to another project, or has a customer', async () => {
    const id = await guestPays();
    await assign({ stripePaymentIntentId: id, projectId: tenant.projectId });
    const { stripe } = tenant;
    const customer = (await stripe.customers.create()).id;
    const owned = (await stripe.paymentIntents.create({ amount: 2_000, currency: 'usd', customer })).id;
    for (const stripePaymentIntentId of [id, owned])
      expect(refusalsOf(await assign({ stripePaymentIntentId, projectId: sister.projectId }))).toEqual([
        { code: 'CONFLICT', field: 'stripePaymentIntentId' },
      ]);
  });

  it('a payment that Stripe does not have', async () => {
    for (const stripePaymentIntentId of ['pi_unknown', '../account', 'x'])
      expect(refusalsOf(await assign({ stripePaymentIntentId, projectId: tenant.projectId }))).toEqual([
        { code: 'NOT_FOUND', field: 'stripePaymentIntentId' },
      ]);
    expect(refusalsOf(await assign({ stripePaymentIntentId: ' ', projectId: tenant.projectId }))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'stripePaymentIntentId' },
    ]);
  });

  it("a project of another team's", async () => {
    const foreign = await createTenant(billgraph);
    const id = await guestPays();
    for (const projectId of [foreign.projectId, 'prj_x', ''])
      expect(refusalsOf(await assign({ stripePaymentIntentId: id, projectId }))).toEqual([
        { code: 'NOT_FOUND', field: 'projectId' },
      ]);
  });
});

describe('is not allowed', () => {
  it('without the scope', async () => {
    const reader = await tenant.newApiKey({
      scopes: ['webhooks:read'],
      projectIds: [tenant.projectId, sister.projectId],
    });
    const answer = await assign({ stripePaymentIntentId: 'pi_x', projectId: tenant.projectId }, reader);
    expect(refusalsOf(answer)).toMatchObject([{ code: 'FORBIDDEN' }]);
  });
});
