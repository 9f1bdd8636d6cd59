import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let sibling: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  sibling = await createTenant(billgraph, { teamId: tenant.teamId });
});
afterAll(() => billgraph.close());

const document =
  'mutation ($input: LinkStripeCustomerInput!) { linkStripeCustomer(input: $input) { customer { id email name externalId stripeCustomerId } } }';
const link = (input: object, credential: string | null = tenant.apiKey) =>
  ask(billgraph, credential, document, { input });

describe('answers', () => {
  it('the customer with what Stripe knows, and the subscriptions that follow; the same again', async () => {
    const { id } = await tenant.stripe.customers.create({ email: 'Old@example.com', name: 'Old' });
    const price = await createPrice(tenant);
    const card = await tenant.stripe.paymentMethods.attach('pm_card_visa', { customer: id });
    await tenant.stripe.subscriptions.create({
      customer: id,
      items: [{ price: price.id }],
      default_payment_method: card.id,
    });
    await billgraph.settled();
    const { data, errors } = await link({ stripeCustomerId: id, externalId: 'old' });
    expect(errors).toBeUndefined();
    const { customer } = data.linkStripeCustomer;
    expect(customer).toMatchObject({
      email: 'old@example.com',
      name: 'Old',
      externalId: 'old',
      stripeCustomerId: id,
    });
    expect((await link({ stripeCustomerId: id })).data.linkStripeCustomer.customer).toEqual(customer);
    await billgraph.settled();
    const query = '{ customer(by: { externalId: "old" }) { subscription { status } } }';
    expect((await ask(billgraph, tenant.apiKey, query)).data.customer.subscription).toEqual({ status: 'ACTIVE' });
  });
});

describe('refuses', () => {
  const belongsElsewhere = [{ code: 'CONFLICT', field: 'stripeCustomerId' }];

  it('a customer that another project has', async () => {
    const { id } = await tenant.stripe.customers.create({ email: 'sibling@example.com' });
    expect((await link({ stripeCustomerId: id }, sibling.apiKey)).errors).toBeUndefined();
    expect(refusalsOf(await link({ stripeCustomerId: id }))).toEqual(belongsElsewhere);
  });

  it("a customer that says itself that it is another project's", async () => {
    const metadata = { billgraph_project_id: sibling.projectId };
    const { id } = await tenant.stripe.customers.create({ email: 'named@example.com', metadata });
    expect(refusalsOf(await link({ stripeCustomerId: id }))).toEqual(belongsElsewhere);
    expect((await ask(billgraph, tenant.apiKey, `{ customer(by: { stripeId: "${id}" }) { id } }`)).data).toEqual({
      customer: null,
    });
  });

  it('whose email or external id another customer has', async () => {
    const input = { email: 'held@example.com', externalId: 'held' };
    await ask(billgraph, tenant.apiKey, CreateCustomerDocument, { input });
    const same = await tenant.stripe.customers.create({ email: 'held@example.com' });
    expect(refusalsOf(await link({ stripeCustomerId: same.id }))).toEqual(belongsElsewhere);
    const other = await tenant.stripe.customers.create({ email: 'other@example.com' });
    expect(refusalsOf(await link({ stripeCustomerId: other.id, externalId: 'held' }))).toEqual([
      { code: 'CONFLICT', field: 'externalId' },
    ]);
  });

  it('what Stripe does not have, what is deleted, and what no id can be', async () => {
    const gone = await tenant.stripe.customers.create({ email: 'gone@example.com' });
    await tenant.stripe.customers.del(gone.id);
    for (const stripeCustomerId of ['cus_unknown', gone.id])
      expect(refusalsOf(await link({ stripeCustomerId }))).toEqual([{ code: 'NOT_FOUND', field: 'stripeCustomerId' }]);
    expect(refusalsOf(await link({ stripeCustomerId: ' ' }))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'stripeCustomerId' },
    ]);
  });

  it("a customer of another team's Stripe account", async () => {
    const foreign = await createTenant(billgraph);
    const { id } = await foreign.stripe.customers.create({ email: 'foreign@example.com' });
    expect(refusalsOf(await link({ stripeCustomerId: id }))).toEqual([
      { code: 'NOT_FOUND', field: 'stripeCustomerId' },
    ]);
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    expect(refusalsOf(await link({ stripeCustomerId: 'cus_1' }, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['customers:read'] });
    expect(refusalsOf(await link({ stripeCustomerId: 'cus_1' }, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
