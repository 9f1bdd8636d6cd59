import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowsOf } from '../reconciliation/reconciliation.rig.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let sister: TestTenant;
let key: string;
let price: string;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  sister = await createTenant(billgraph, { teamId: tenant.teamId });
  key = await tenant.newApiKey({ projectIds: [tenant.projectId, sister.projectId] });
  price = (await createPrice(tenant)).id;
});
afterAll(() => billgraph.close());

const document =
  'mutation ($input: AssignStripeCustomerInput!) { assignStripeCustomer(input: $input) { customerId replayed } }';

const assign = (input: object, credential = key) =>
  ask(billgraph, credential, document, { input }, { 'billgraph-project': tenant.projectId });

/** A customer made in Stripe's dashboard, with a subscription: nothing says whose it is. */
async function stranger() {
  const { stripe } = tenant;
  const { id } = await stripe.customers.create({ email: `${crypto.randomUUID()}@example.com` });
  const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: id });
  const subscription = await stripe.subscriptions.create({
    customer: id,
    items: [{ price }],
    default_payment_method: card.id,
  });
  await billgraph.settled();
  return { id, subscription: subscription.id };
}

const projectOf = async (subscription: string) =>
  (await rowsOf(billgraph, 'select project_id from subscription where stripe_subscription_id = $1', [subscription]))[0]
    ?.project_id;

describe('answers', () => {
  it('the customer, whose payments, disputes and payment methods come to the project as well', async () => {
    const { stripe } = tenant;
    const { id } = await stripe.customers.create({ email: `${crypto.randomUUID()}@example.com` });
    const card = await stripe.paymentMethods.attach('pm_card_createDispute', { customer: id });
    await stripe.paymentIntents.create({
      amount: 2_000,
      currency: 'usd',
      customer: id,
      payment_method: card.id,
      confirm: true,
    });
    await billgraph.settled();
    const projects = () =>
      rowsOf(
        billgraph,
        `select kind, mine.project_id from (
           select 'charge' as kind, project_id, customer_id from charge union all
           select 'dispute', project_id, customer_id from dispute union all
           select 'payment', project_id, customer_id from payment union all
           select 'payment method', project_id, customer_id from payment_method
         ) mine join customer on customer.id = customer_id where stripe_customer_id = $1 order by kind`,
        [id],
      );
    expect(await projects()).toEqual([]);
    const { errors } = await assign({ stripeCustomerId: id, projectId: sister.projectId });
    expect(errors).toBeUndefined();
    await billgraph.settled();
    expect(await projects()).toEqual(
      ['charge', 'dispute', 'payment', 'payment method'].map((kind) => ({ kind, project_id: sister.projectId })),
    );
  });

  it('the customer, whose subscriptions and events come to the project', async () => {
    const { id, subscription } = await stranger();
    expect(await projectOf(subscription)).toBeUndefined();
    const { data, errors } = await assign({ stripeCustomerId: id, projectId: sister.projectId });
    expect(errors).toBeUndefined();
    expect(data.assignStripeCustomer).toMatchObject({ customerId: expect.stringMatching(/^pc_/) });
    expect(data.assignStripeCustomer.replayed).toBeGreaterThanOrEqual(2);
    await billgraph.settled();
    expect(await projectOf(subscription)).toBe(sister.projectId);
    const left = await rowsOf(billgraph, `select from inbound_event where outcome = 'unrouted' and lane_key like $1`, [
      `%/${id}`,
    ]);
    expect(left).toEqual([]);
  });

  it('the same again, and without any event that is left', async () => {
    const { id, subscription } = await stranger();
    await rowsOf(billgraph, `delete from inbound_event where outcome = 'unrouted'`);
    const input = { stripeCustomerId: id, projectId: tenant.projectId };
    const answers = [await assign(input), await assign(input)];
    expect(answers[0]!.data.assignStripeCustomer).toEqual(answers[1]!.data.assignStripeCustomer);
    await billgraph.settled();
    expect(await projectOf(subscription)).toBe(tenant.projectId);
  });

  it('when asked twice at a time', async () => {
    const { id } = await stranger();
    const input = { stripeCustomerId: id, projectId: tenant.projectId };
    const answers = await Promise.all(Array.from({ length: 6 }, () => assign(input)));
    for (const answer of answers) expect([[], [{ code: 'CONFLICT' }]]).toContainEqual(refusalsOf(answer));
    expect(await rowsOf(billgraph, 'select from customer where stripe_customer_id = $1', [id])).toHaveLength(1);
  });
});

describe('refuses', () => {
  it('a customer that belongs to another project', async () => {
    const { id } = await stranger();
    await assign({ stripeCustomerId: id, projectId: tenant.projectId });
    const answer = await assign({ stripeCustomerId: id, projectId: sister.projectId });
    expect(refusalsOf(answer)).toEqual([{ code: 'CONFLICT', field: 'stripeCustomerId' }]);
  });

  it('a customer that Stripe does not have, or has deleted', async () => {
    const { id } = await tenant.stripe.customers.create();
    await tenant.stripe.customers.del(id);
    for (const stripeCustomerId of [id, 'cus_unknown', '../accounts', 'x'])
      expect(refusalsOf(await assign({ stripeCustomerId, projectId: tenant.projectId }))).toEqual([
        { code: 'NOT_FOUND', field: 'stripeCustomerId' },
      ]);
    expect(refusalsOf(await assign({ stripeCustomerId: ' ', projectId: tenant.projectId }))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'stripeCustomerId' },
    ]);
  });

  it("a project of another team's", async () => {
    const foreign = await createTenant(billgraph);
    const { id } = await stranger();
    for (const projectId of [foreign.projectId, 'prj_x', ''])
      expect(refusalsOf(await assign({ stripeCustomerId: id, projectId }))).toEqual([
        { code: 'NOT_FOUND', field: 'projectId' },
      ]);
  });
});

describe('is not allowed', () => {
  it('without the scope, or with a key of one project', async () => {
    const { id } = await stranger();
    const input = { stripeCustomerId: id, projectId: tenant.projectId };
    const weak = await tenant.newApiKey({
      scopes: ['webhooks:read'],
      projectIds: [tenant.projectId, sister.projectId],
    });
    expect(refusalsOf(await assign(input, weak))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await assign(input, tenant.apiKey))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
