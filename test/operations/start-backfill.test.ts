import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Customer } from '../../src/billing/customers/customer.entity.ts';
import { Invoice } from '../../src/billing/invoices/invoice.entity.ts';
import { PaymentMethod } from '../../src/billing/payment-methods/payment-method.entity.ts';
import { Dispute } from '../../src/billing/payments/dispute.entity.ts';
import { Subscription } from '../../src/billing/subscriptions/subscription.entity.ts';
import { BillingEvent } from '../../src/ingestion/billing-events/billing-event.entity.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

/** A Stripe account that was in use before Billgraph, shared by two projects: nothing in it says whose it is. */
let billgraph: Billgraph;
let tenant: TestTenant;
let second: TestTenant;
let wholeTeam: string;
let foreign: TestTenant;
let price: Stripe.Price;
beforeAll(async () => {
  billgraph = await startBillgraph();
  [tenant, foreign] = await Promise.all([createTenant(billgraph), createTenant(billgraph)]);
  second = await createTenant(billgraph, { teamId: tenant.teamId });
  wholeTeam = await keyOfTeam(tenant);
  const product = await tenant.stripe.products.create({ name: 'Old', metadata: { app: 'one' } });
  price = await tenant.stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 900,
    recurring: { interval: 'month' },
  });
});
afterAll(() => billgraph.close());

const keyOfTeam = (of: TestTenant, options = {}) =>
  of.newApiKey({ projectIds: of === tenant ? [tenant.projectId, second.projectId] : [of.projectId], ...options });

const fields = `id state objects createdAfter error startedAt finishedAt
  progress { object seen applied skipped failed isDone }
  failures { nodes { object stripeId reason createdAt } totalCount }`;
const start = (input: object, key = wholeTeam) =>
  ask(
    billgraph,
    key,
    `mutation ($input: StartBackfillInput!) { startBackfill(input: $input) { backfill { ${fields} } } }`,
    { input },
    { 'billgraph-project': key === wholeTeam ? tenant.projectId : '' },
  );
const find = async (id: string, key = wholeTeam) =>
  ask(billgraph, key, `query ($id: ID!) { backfill(id: $id) { ${fields} } }`, { id }, headers(key));
const headers = (key: string): Record<string, string> =>
  key === wholeTeam ? { 'billgraph-project': tenant.projectId } : {};

async function bringAll(input: object) {
  const { data, errors } = await start(input);
  expect(errors).toBeUndefined();
  const { id } = data.startBackfill.backfill;
  await billgraph.settled();
  return (await find(id)).data.backfill;
}

/** A customer with a subscription, as somebody's own code or the dashboard made them. */
async function subscriber(params: Stripe.CustomerCreateParams = {}) {
  const { stripe } = tenant;
  const customer = await stripe.customers.create({
    ...params,
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
  return { customer, subscription };
}

const rowOf = (stripeCustomerId: string) => billgraph.app.orm.em.fork().findOne(Customer, { stripeCustomerId });
const subscriptionRowOf = (stripeSubscriptionId: string) =>
  billgraph.app.orm.em.fork().findOne(Subscription, { stripeSubscriptionId });

describe('answers', () => {
  it('a backfill that goes on by itself, by a key in the metadata, and leaves out what it names no project for', async () => {
    const [one, two, none] = [
      await subscriber({ metadata: { app: 'one' } }),
      await subscriber({ metadata: { app: 'two' } }),
      await subscriber(),
    ];
    await tenant.stripe.subscriptions.cancel(two.subscription.id);
    await billgraph.settled();
    expect(await rowOf(one.customer.id)).toBeNull();

    const projects = [
      { value: 'one', projectId: tenant.projectId },
      { value: 'two', projectId: second.projectId },
    ];
    const backfill = await bringAll({ assign: { metadata: { key: 'app', projects } } });
    expect(backfill).toMatchObject({ state: 'COMPLETED', error: null, failures: { totalCount: 0 } });
    expect(backfill.objects).toEqual(backfill.progress.map(({ object }: { object: string }) => object));
    expect(backfill.progress).toEqual([
      { object: 'CUSTOMERS', seen: 3, applied: 2, skipped: 1, failed: 0, isDone: true },
      { object: 'PRODUCTS', seen: 1, applied: 1, skipped: 0, failed: 0, isDone: true },
      { object: 'PRICES', seen: 1, applied: 1, skipped: 0, failed: 0, isDone: true },
      { object: 'SUBSCRIPTIONS', seen: 3, applied: 2, skipped: 1, failed: 0, isDone: true },
      { object: 'INVOICES', seen: 3, applied: 2, skipped: 1, failed: 0, isDone: true },
      { object: 'PAYMENT_METHODS', seen: 3, applied: 2, skipped: 1, failed: 0, isDone: true },
      { object: 'PAYMENTS', seen: 3, applied: 2, skipped: 1, failed: 0, isDone: true },
      { object: 'INVOICE_PAYMENTS', seen: 3, applied: 2, skipped: 1, failed: 0, isDone: true },
      { object: 'CHARGES', seen: 3, applied: 2, skipped: 1, failed: 0, isDone: true },
      { object: 'DISPUTES', seen: 0, applied: 0, skipped: 0, failed: 0, isDone: true },
    ]);
    expect(Date.parse(backfill.finishedAt)).toBeGreaterThan(Date.parse(backfill.startedAt));
    expect(await rowOf(one.customer.id)).toMatchObject({ projectId: tenant.projectId });
    expect(await rowOf(two.customer.id)).toMatchObject({ projectId: second.projectId });
    expect(await rowOf(none.customer.id)).toBeNull();
    expect(await subscriptionRowOf(one.subscription.id)).toMatchObject({ status: 'ACTIVE' });
    expect(await subscriptionRowOf(two.subscription.id)).toMatchObject({ status: 'CANCELED' });

    const again = await bringAll({ assign: { projectId: second.projectId } });
    expect(again.progress[0]).toMatchObject({ seen: 3, applied: 3 });
    expect(await rowOf(none.customer.id)).toMatchObject({ projectId: second.projectId });
    expect(await rowOf(one.customer.id)).toMatchObject({ projectId: tenant.projectId });
  });

  it('invoices alone, with what they bill, and tells of what they came to when it was', async () => {
    const { customer, subscription } = await subscriber();
    const backfill = await bringAll({ objects: ['INVOICES'], assign: { projectId: tenant.projectId } });
    expect(backfill).toMatchObject({ state: 'COMPLETED', failures: { totalCount: 0 } });
    const em = billgraph.app.orm.em.fork();
    const invoice = await em.findOneOrFail(
      Invoice,
      { customer: { stripeCustomerId: customer.id } },
      { populate: ['lines', 'subscription'] },
    );
    const { created, lines } = await tenant.stripe.invoices.retrieve(invoice.stripeInvoiceId);
    expect(invoice).toMatchObject({ status: 'PAID', amountPaid: 900n, createdAt: new Date(created * 1000) });
    expect(invoice.subscription).toMatchObject({ stripeSubscriptionId: subscription.id, status: 'ACTIVE' });
    expect(invoice.lines.map(({ stripeLineId }) => stripeLineId)).toEqual(lines.data.map(({ id }) => id));
    const told = await em.find(BillingEvent, { subjectId: invoice.id }, { orderBy: { id: 'asc' } });
    expect(told.map(({ type, occurredAt }) => [type, occurredAt])).toEqual([
      ['invoice.finalized', invoice.finalizedAt],
      ['invoice.paid', invoice.paidAt],
    ]);
  });

  it('disputes alone, with the charge and the payment that they are of; and methods that a customer has, alone', async () => {
    const { customer } = await subscriber();
    const { stripe } = tenant;
    const automatic_payment_methods = { enabled: true, allow_redirects: 'never' } as const;
    const payment = { amount: 700, currency: 'usd', confirm: true, automatic_payment_methods };
    const { id } = await stripe.paymentIntents.create({ ...payment, payment_method: 'pm_card_createDispute' });
    const extra = await stripe.paymentMethods.attach('pm_card_mastercard', { customer: customer.id });
    const gone = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
    await stripe.paymentMethods.detach(gone.id);
    await billgraph.settled();
    const disputes = await bringAll({ objects: ['DISPUTES'], assign: { projectId: tenant.projectId } });
    expect(disputes.progress).toMatchObject([{ seen: 1, applied: 1 }]);
    const em = billgraph.app.orm.em.fork();
    const { charge } = await em.findOneOrFail(Dispute, { amount: 700n }, { populate: ['charge.payment'] });
    expect(charge).toMatchObject({ disputed: true, payment: { stripePaymentIntentId: id } });

    await bringAll({ objects: ['PAYMENT_METHODS'], assign: { projectId: tenant.projectId } });
    const methods = await em.find(PaymentMethod, { customer: { stripeCustomerId: customer.id } });
    expect(methods.map(({ brand }) => brand).sort()).toEqual(['mastercard', 'visa']);
    expect(methods.map(({ stripePaymentMethodId }) => stripePaymentMethodId)).toContain(extra.id);
  });

  it('what belonged to no project, and changed, is true at the end and stays so', async () => {
    const { customer, subscription } = await subscriber();
    await bringAll({ assign: { projectId: tenant.projectId } });
    await tenant.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
    await billgraph.settled();
    expect(await subscriptionRowOf(subscription.id)).toMatchObject({ cancelAtPeriodEnd: true });
    expect(await unrouted(customer.id)).toBe(0);
  });

  it('customers under test clocks, with their subscriptions', async () => {
    const clock = await tenant.stripe.testHelpers.testClocks.create({ frozen_time: 1_700_000_000 });
    const { customer, subscription } = await subscriber({ test_clock: clock.id });
    const backfill = await bringAll({
      objects: ['SUBSCRIPTIONS', 'CUSTOMERS'],
      createdAfter: new Date().toISOString(),
      assign: { projectId: tenant.projectId },
    });
    expect(backfill.objects).toEqual(['CUSTOMERS', 'SUBSCRIPTIONS']);
    expect(await rowOf(customer.id)).toMatchObject({ projectId: tenant.projectId });
    expect(await subscriptionRowOf(subscription.id)).not.toBeNull();
  });

  it('more than a page, each once; and only what was created after an instant, with what that refers to', async () => {
    const { stripe } = foreign;
    const old = await stripe.customers.create({ payment_method: 'pm_card_visa' });
    const createdAfter = new Date(old.created * 1000);
    while (Date.now() < createdAfter.getTime() + 1_000) await new Promise((resolve) => setTimeout(resolve, 50));
    await Promise.all(Array.from({ length: 230 }, (_, n) => stripe.customers.create({ name: `C${n}` })));
    const product = await stripe.products.create({ name: 'New' });
    const { id } = await stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 100,
      recurring: { interval: 'month' },
    });
    const subscription = await stripe.subscriptions.create({
      customer: old.id,
      default_payment_method: (await stripe.paymentMethods.list({ customer: old.id })).data[0]!.id,
      items: [{ price: id }],
    });
    const { data } = await start(
      { objects: ['CUSTOMERS', 'SUBSCRIPTIONS'], createdAfter, assign: { projectId: foreign.projectId } },
      foreign.apiKey,
    );
    await billgraph.settled();
    const { backfill } = (await find(data.startBackfill.backfill.id, foreign.apiKey)).data;
    expect(backfill).toMatchObject({ state: 'COMPLETED', createdAfter: createdAfter.toISOString() });
    expect(backfill.progress[0]).toMatchObject({ object: 'CUSTOMERS', seen: 230, applied: 230 });
    const em = billgraph.app.orm.em.fork();
    expect(await em.count(Customer, { projectId: foreign.projectId })).toBe(231);
    expect(await subscriptionRowOf(subscription.id)).not.toBeNull();
  });

  it('what it could not bring, with the reason; the rest goes on', async () => {
    const { customer } = await subscriber();
    await subscriber();
    await asOwner(
      billgraph.databaseUrl,
      `create function refuse() returns trigger language plpgsql as $$
      begin raise exception 'This row is cursed.' using errcode = '23514'; end $$`,
    );
    await asOwner(
      billgraph.databaseUrl,
      `create trigger curse before insert on customer for each row
       when (new.stripe_customer_id = '${customer.id}') execute function refuse()`,
    );
    const backfill = await bringAll({ objects: ['CUSTOMERS'], assign: { projectId: tenant.projectId } });
    await asOwner(billgraph.databaseUrl, 'drop trigger curse on customer');
    expect(backfill).toMatchObject({ state: 'COMPLETED', progress: [{ failed: 1 }] });
    expect(backfill.progress[0].applied).toBe(backfill.progress[0].seen - 1);
    expect(backfill.failures).toEqual({
      totalCount: 1,
      nodes: [
        {
          object: 'CUSTOMERS',
          stripeId: customer.id,
          reason: expect.stringContaining('cursed'),
          createdAt: expect.any(String),
        },
      ],
    });
  });

  it('a list of all, page by page', async () => {
    const page = (args: string) =>
      ask(
        billgraph,
        wholeTeam,
        `{ backfills(${args}) { nodes { id } edges { cursor } totalCount pageInfo { hasNextPage hasPreviousPage } } }`,
        {},
        headers(wholeTeam),
      ).then(({ data }) => data.backfills);
    const all = await page('first: 100');
    expect(all.totalCount).toBe(all.nodes.length);
    const first = await page('first: 2');
    expect(first.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: false });
    const next = await page(`first: 2, after: "${first.edges[1].cursor}"`);
    const last = await page(`last: 1`);
    expect([...first.nodes, ...next.nodes]).toEqual(all.nodes.slice(0, 4));
    expect(last.nodes).toEqual(all.nodes.slice(-1));
  });
});

const unrouted = async (id: string) =>
  (
    await billgraph.app.orm.em
      .fork()
      .execute(`select 1 from inbound_event where outcome = 'unrouted' and payload::text like '%${id}%'`)
  ).length;

describe('refuses', () => {
  it('what is no kind of objects, and an empty list', async () => {
    const assign = { projectId: tenant.projectId };
    expect(refusalsOf(await start({ objects: ['COUPONS'], assign }))[0]!.code).toBe('BAD_USER_INPUT');
    expect(refusalsOf(await start({ objects: [], assign }))).toEqual([{ code: 'BAD_USER_INPUT', field: 'objects' }]);
  });

  it('an instant in the future', async () => {
    const createdAfter = new Date(Date.now() + 60_000);
    expect(refusalsOf(await start({ createdAfter, assign: { projectId: tenant.projectId } }))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'createdAfter' },
    ]);
  });

  it("another team's project, a random one and a malformed one alike", async () => {
    for (const projectId of [foreign.projectId, 'prj_00000000000000000000000000', "x'"]) {
      expect(refusalsOf(await start({ assign: { projectId } }))).toEqual([
        { code: 'NOT_FOUND', field: 'assign.projectId' },
      ]);
      const metadata = { key: 'app', projects: [{ value: 'one', projectId }] };
      expect(refusalsOf(await start({ assign: { metadata } }))).toEqual([
        { code: 'NOT_FOUND', field: 'assign.metadata.projects.0.projectId' },
      ]);
    }
  });

  const one = () => ({ value: 'one', projectId: tenant.projectId });
  it.each([
    ['neither of the two', () => ({}), undefined],
    ['both', () => ({ projectId: tenant.projectId, metadata: { key: 'a', projects: [one()] } }), undefined],
    ['null', () => ({ projectId: null }), undefined],
    ['no key', () => ({ metadata: { key: '', projects: [one()] } }), 'assign.metadata.key'],
    ['a key that is no text', () => ({ metadata: { key: '\ud800', projects: [one()] } }), 'assign.metadata.key'],
    ['no value', () => ({ metadata: { key: 'a', projects: [] } }), 'assign.metadata.projects'],
    ['a value twice', () => ({ metadata: { key: 'a', projects: [one(), one()] } }), 'assign.metadata.projects.1.value'],
    [
      'a value that is no text',
      () => ({ metadata: { key: 'a', projects: [{ ...one(), value: '\0' }] } }),
      'assign.metadata.projects.0.value',
    ],
  ])('a rule with %s', async (_, assign, field) => {
    const [refusal] = refusalsOf(await start({ assign: assign() }));
    expect(refusal).toMatchObject(field ? { code: 'BAD_USER_INPUT', field } : { code: 'BAD_USER_INPUT' });
  });

  it('a second one while one runs', async () => {
    const input = { assign: { projectId: tenant.projectId } };
    const answers = await Promise.all([start(input), start(input), start(input)]);
    expect(answers.flatMap(refusalsOf)).toEqual([{ code: 'CONFLICT' }, { code: 'CONFLICT' }]);
    await billgraph.settled();
    expect((await start(input)).errors).toBeUndefined();
    await billgraph.settled();
  });
});

describe('is not allowed', () => {
  const input = () => ({ assign: { projectId: tenant.projectId } });
  it('without a credential, or its scope', async () => {
    const readOnly = await keyOfTeam(foreign, { scopes: ['webhooks:read'] });
    expect(refusalsOf(await start(input(), readOnly))[0]!.code).toBe('FORBIDDEN');
    const writeOnly = await keyOfTeam(foreign, { scopes: ['webhooks:write'] });
    expect(refusalsOf(await find('bf_x', writeOnly))[0]!.code).toBe('FORBIDDEN');
    const { errors } = await ask(billgraph, null, '{ backfills { totalCount } }');
    expect(errors![0]!.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('to a key of one project, where the team has another one', async () => {
    for (const answer of [
      await start(input(), tenant.apiKey),
      await find('bf_x', tenant.apiKey),
      await ask(billgraph, tenant.apiKey, '{ backfills { totalCount } }'),
    ])
      expect(refusalsOf(answer)[0]!.code).toBe('FORBIDDEN');
  });

  it("to see another team's", async () => {
    const { data } = await ask(billgraph, wholeTeam, '{ backfills { nodes { id } } }', {}, headers(wholeTeam));
    expect((await find(data.backfills.nodes[0].id, foreign.apiKey)).data.backfill).toBeNull();
    expect((await find('bf_00000000000000000000000000')).data.backfill).toBeNull();
    for (const id of ['x', '\0', '\ud800', '']) {
      const { data, status } = await find(id);
      expect([status, data.backfill]).toEqual([200, null]);
    }
  });
});
