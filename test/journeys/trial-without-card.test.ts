import { afterAll, beforeAll, expect, it } from 'vitest';
import { CreateCheckoutSessionDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice, submitCheckout } from '../rig/checkout.ts';
import { ask } from '../rig/graph.ts';
import { advance, day, giveCard, newYear } from '../sandbox/clock.rig.ts';

/** Somebody tries without giving a card, and the trial ends: by Stripe's clock. */

let billgraph: Billgraph;
let tenant: TestTenant;
let priceId: string;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  await createPrice(tenant);
  await billgraph.settled();
  priceId = (await ask(billgraph, tenant.apiKey, '{ prices { nodes { id } } }')).data.prices.nodes[0].id;
});
afterAll(() => billgraph.close());

const query = `query ($by: CustomerBy!) { customer(by: $by) { subscriptions { nodes {
  status hasAccess isTrialing latestInvoice { status } } } } }`;

/** A customer under a clock of his own who has begun a trial of a week, and no card. */
async function trial(trialWithoutCard: string) {
  const { stripe, apiKey } = tenant;
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: newYear });
  const email = `${Math.random()}@example.com`;
  const { id: stripeCustomerId } = await stripe.customers.create({ email, test_clock: clock.id });
  const link = 'mutation ($input: LinkStripeCustomerInput!) { linkStripeCustomer(input: $input) { customer { id } } }';
  const linked = await ask(billgraph, apiKey, link, { input: { stripeCustomerId } });
  const customerId = linked.data.linkStripeCustomer.customer.id;
  const back = { successUrl: 'https://app.example.com/done', cancelUrl: 'https://app.example.com/' };
  const { data, errors } = await ask(billgraph, apiKey, CreateCheckoutSessionDocument, {
    input: { ...back, customerId, priceId, trialDays: 7, trialWithoutCard },
  });
  expect(errors).toBeUndefined();
  const done = await submitCheckout(data.createCheckoutSession.url, { email, action: 'pay' });
  expect(done.status).toBe(303);
  await billgraph.settled();
  const subscription = async () =>
    (await ask(billgraph, apiKey, query, { by: { id: customerId } })).data.customer.subscriptions.nodes[0];
  expect(await subscription()).toMatchObject({ status: 'TRIALING', hasAccess: true, isTrialing: true });
  const after = async (days: number) => {
    await advance(stripe, clock.id, newYear + days * day);
    await billgraph.settled();
    return subscription();
  };
  return { stripeCustomerId, after };
}

it('ends the subscription, where it is to CANCEL', async () => {
  const { after } = await trial('CANCEL');
  expect(await after(6)).toMatchObject({ status: 'TRIALING', hasAccess: true });
  expect(await after(8)).toMatchObject({ status: 'CANCELED', hasAccess: false, isTrialing: false });
});

it('pauses it, where it is to PAUSE', async () => {
  const { after } = await trial('PAUSE');
  expect(await after(8)).toMatchObject({ status: 'PAUSED', hasAccess: false });
});

it('invoices it, where it is to CREATE_INVOICE', async () => {
  const { after } = await trial('CREATE_INVOICE');
  expect(await after(8)).toMatchObject({ status: 'PAST_DUE', latestInvoice: { status: 'OPEN' } });
});

it('goes on as any subscription, where a card was given meanwhile', async () => {
  const { stripeCustomerId, after } = await trial('PAUSE');
  await giveCard(tenant.stripe, stripeCustomerId);
  expect(await after(8)).toMatchObject({ status: 'ACTIVE', hasAccess: true, latestInvoice: { status: 'PAID' } });
});
