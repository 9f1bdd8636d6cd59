import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerDocument, CreatePortalSessionDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, testPublicUrl } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { asOwner } from '../rig/database.ts';
import { misbehave } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { createOperator, type TestOperator } from '../rig/operator.ts';
import { openShop, type Shop } from '../rig/shop.ts';

let billgraph: Billgraph;
let shop: Shop;
let owner: TestOperator;
let subscriptionId: string;
let bobsSubscriptionId: string;
const priceIds: Record<string, string> = {};

const sql = (text: string) => asOwner(billgraph.databaseUrl, text);
const subscriptionOf = async (customerId: string) =>
  (await sql(`select id from subscription where customer_id = '${customerId}'`))[0]!.id;

beforeAll(async () => {
  billgraph = await startBillgraph();
  shop = await openShop(billgraph);
  const { tenant } = shop;
  owner = await createOperator(billgraph, tenant);
  const yearly = await createPrice(tenant, { unitAmount: 29_000, recurring: { interval: 'year' } });
  const hidden = await createPrice(tenant, { unitAmount: 1 });
  await billgraph.settled();
  for (const { id, stripe_price_id: stripe } of await sql('select id, stripe_price_id from price'))
    priceIds[stripe] = id;
  Object.assign(priceIds, { pro: priceIds[shop.price], yearly: priceIds[yearly.id], hidden: priceIds[hidden.id] });
  subscriptionId = await subscriptionOf(shop.ada.id);
  bobsSubscriptionId = await subscriptionOf(shop.bob.id);
});
afterAll(() => billgraph.close());

const returnUrl = 'https://app.example.com/account';
const ourPage = `${testPublicUrl}/portal/pos_${'0'.repeat(26)}`;
const open = (input: object = {}, credential: string | null = shop.tenant.apiKey) =>
  ask(billgraph, credential, CreatePortalSessionDocument, {
    input: { customerId: shop.ada.id, returnUrl, ...input },
  });
const set = async (input: object) => {
  const { errors } = await owner.ask(
    'mutation ($input: UpdateProjectSettingsInput!) { updateProjectSettings(input: $input) { settings { brandColor } } }',
    { input },
    { 'billgraph-project': shop.tenant.projectId },
  );
  expect(errors).toBeUndefined();
};
const configurations = async () => (await shop.tenant.stripe.billingPortal.configurations.list()).data;

describe('answers', () => {
  it("Stripe's portal, by one configuration in Stripe for the project, however many ask at once", async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => open()));
    for (const { data, errors } of answers) {
      expect(errors).toBeUndefined();
      expect(data.createPortalSession).toEqual({ url: expect.any(String), expiresAt: null, kind: 'STRIPE' });
    }
    expect((await fetch(answers[0]!.data.createPortalSession.url)).status).toBe(200);
    expect(await configurations()).toMatchObject([
      {
        business_profile: { headline: 'Acme App' },
        metadata: { billgraph_project_id: shop.tenant.projectId, billgraph_environment: 'TEST' },
        features: {
          invoice_history: { enabled: true },
          payment_method_update: { enabled: true },
          subscription_cancel: { enabled: true, mode: 'at_period_end' },
          subscription_update: { enabled: false },
        },
      },
    ]);
  });

  it('the same configuration, brought up to date where plans or the name of the project have changed', async () => {
    const [before] = await configurations();
    await set({
      plans: [
        { name: 'pro', priceId: priceIds.pro },
        { name: 'twin', priceId: priceIds.pro },
      ],
      selfServicePriceIds: [priceIds.yearly, priceIds.pro],
    });
    await sql(`update project set name = '${'Långt '.repeat(12)}' where id = '${shop.tenant.projectId}'`);
    await open();
    const [after, ...others] = await configurations();
    expect(others).toEqual([]);
    expect(after!.id).toBe(before!.id);
    expect(after!.business_profile.headline).toHaveLength(60);
    const { products, ...update } = after!.features.subscription_update;
    expect(update).toMatchObject({ enabled: true, default_allowed_updates: ['price'] });
    expect(products!.flatMap(({ prices }) => prices).map((id) => priceIds[id])).toEqual([
      priceIds.pro,
      priceIds.yearly,
    ]);

    await set({ plans: [], selfServicePriceIds: [] });
    await open();
    expect((await configurations())[0]!.features.subscription_update.enabled).toBe(false);
    await set({ plans: [{ name: 'pro', priceId: priceIds.pro }], selfServicePriceIds: [priceIds.yearly] });
  });

  it('its flows, each of which leads back', async () => {
    for (const flow of [
      { type: 'CANCEL', subscriptionId },
      { type: 'CHANGE_PLAN', subscriptionId },
      { type: 'UPDATE_PAYMENT_METHOD' },
    ]) {
      const { data, errors } = await open({ flow });
      expect(errors).toBeUndefined();
      const page = await fetch(data.createPortalSession.url);
      expect([flow.type, page.status]).toEqual([flow.type, 200]);
      expect(page.url).toMatch({ CANCEL: /\/cancel$/, CHANGE_PLAN: /\/update$/ }[flow.type] ?? /\/payment_method$/);
      expect(await page.text()).toContain(returnUrl);
    }
  });

  it('our own, for an hour or as long as is asked, its link kept as a hash', async () => {
    const { data } = await open({ kind: 'BILLGRAPH' });
    const { url, expiresAt, kind } = data.createPortalSession;
    expect(kind).toBe('BILLGRAPH');
    expect(url.startsWith(`${testPublicUrl}/portal/open?token=`)).toBe(true);
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(3_500_000);
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(3_600_000);
    const day = await open({ kind: 'BILLGRAPH', ttl: 86_400 });
    expect(Date.parse(day.data.createPortalSession.expiresAt) - Date.now()).toBeGreaterThan(86_000_000);
    const token = new URL(url).searchParams.get('token')!;
    const kept = JSON.stringify([
      await sql('select * from portal_session'),
      await sql('select * from audit_entry'),
      await sql('select * from operation'),
      billgraph.logged,
    ]);
    expect(kept).toContain('token_hash');
    expect(kept).not.toContain(token);
  });

  it('a customer token for itself, whether it says so or not', async () => {
    const token = await shop.tokenFor(shop.ada, ['portal:write']);
    for (const customerId of [null, shop.ada.id])
      for (const kind of ['STRIPE', 'BILLGRAPH'])
        expect((await open({ customerId, kind }, token)).errors).toBeUndefined();
  });

  it('for somebody who comes from a page of an open portal', async () => {
    for (const returnUrl of [ourPage, `${ourPage}/invoices`])
      expect((await open({ returnUrl })).errors).toBeUndefined();
  });

  it('one session for one key', async () => {
    const input = { kind: 'BILLGRAPH', idempotencyKey: 'once' };
    const [first, again] = [await open(input), await open(input)];
    expect(again.data).toEqual(first.data);
  });

  it('after a failure of Stripe, with one configuration all the same', async () => {
    await sql('delete from portal_configuration');
    const before = (await configurations()).length;
    await misbehave(shop.tenant, {
      kind: 'connection_lost_after',
      next: 2,
      only: 'POST /v1/billing_portal/configurations',
    });
    await sql(`update project set name = 'Renamed' where id = '${shop.tenant.projectId}'`);
    await open();
    expect((await open()).errors).toBeUndefined();
    expect((await configurations()).length).toBe(before + 1);
  });
});

describe('refuses', () => {
  it.each([
    ['no customer', () => ({ customerId: null }), 'customerId'],
    ['a relative URL', () => ({ returnUrl: '/account' }), 'returnUrl'],
    ['a script', () => ({ returnUrl: 'javascript:alert(1)' }), 'returnUrl'],
    ['an origin that is not the project’s', () => ({ returnUrl: 'https://evil.example/' }), 'returnUrl'],
    ['the same for our own portal', () => ({ kind: 'BILLGRAPH', returnUrl: 'https://evil.example/' }), 'returnUrl'],
    [
      'a page of ours that lets somebody in',
      () => ({ returnUrl: `${testPublicUrl}/portal/../auth/setup` }),
      'returnUrl',
    ],
    ['the same in other letters', () => ({ returnUrl: `${testPublicUrl}/portal/%2e%2E/auth/setup` }), 'returnUrl'],
    ['the same by a session', () => ({ returnUrl: `${ourPage}/../../auth/setup` }), 'returnUrl'],
    ['a link to a portal', () => ({ returnUrl: `${testPublicUrl}/portal/open?token=x` }), 'returnUrl'],
    ['a host that begins as ours', () => ({ returnUrl: ourPage.replace('.test', '.test.evil.example') }), 'returnUrl'],
    ['our host by another port', () => ({ returnUrl: ourPage.replace('.test', '.test:81') }), 'returnUrl'],
    ['a time that Stripe decides', () => ({ ttl: 60 }), 'ttl'],
    ['no time at all', () => ({ kind: 'BILLGRAPH', ttl: 0 }), 'ttl'],
    ['more than a day', () => ({ kind: 'BILLGRAPH', ttl: 86_401 }), 'ttl'],
    ['a flow without its subscription', () => ({ flow: { type: 'CANCEL' } }), 'flow.subscriptionId'],
    [
      'a subscription that is too much',
      () => ({ flow: { type: 'UPDATE_PAYMENT_METHOD', subscriptionId } }),
      'flow.subscriptionId',
    ],
  ])('%s', async (_name, input, field) => {
    const answer = await open(input());
    expect(refusalsOf(answer)).toEqual([{ code: 'BAD_USER_INPUT', field }]);
    expect(answer.errors![0]!.message.length).toBeGreaterThan(20);
  });

  it.each(['STRIPE', 'BILLGRAPH'])("what is not the customer's, with kind %s", async (kind) => {
    for (const id of [bobsSubscriptionId, 'ps_00000000000000000000000000', "'; drop table customer"])
      expect(refusalsOf(await open({ kind, flow: { type: 'CANCEL', subscriptionId: id } }))).toEqual([
        { code: 'NOT_FOUND', field: 'flow.subscriptionId' },
      ]);
    for (const id of ['pc_00000000000000000000000000', 'cus_123'])
      expect(refusalsOf(await open({ kind, customerId: id }))).toEqual([{ code: 'NOT_FOUND', field: 'customerId' }]);
  });

  it.each(['STRIPE', 'BILLGRAPH'])('flows that are not possible, with kind %s', async (kind) => {
    const change = { kind, flow: { type: 'CHANGE_PLAN', subscriptionId } };
    await set({ plans: [{ name: 'pro', priceId: priceIds.pro }], selfServicePriceIds: [] });
    expect(refusalsOf(await open(change))).toEqual([{ code: 'CONFLICT', field: 'flow.type' }]);
    await set({ selfServicePriceIds: [priceIds.yearly] });
    expect((await open(change)).errors).toBeUndefined();

    const { stripe } = shop.tenant;
    const { id: stripeId } = await stripe.subscriptions.create({
      customer: shop.ada.stripeCustomerId,
      items: [{ price: shop.price }],
    });
    await billgraph.settled();
    const [{ id }] = await sql(`select id from subscription where stripe_subscription_id = '${stripeId}'`);
    const cancel = { kind, flow: { type: 'CANCEL', subscriptionId: id } };
    await stripe.subscriptions.update(stripeId, { cancel_at_period_end: true });
    await billgraph.settled();
    expect(refusalsOf(await open(cancel))).toEqual([{ code: 'CONFLICT', field: 'flow.subscriptionId' }]);
    await stripe.subscriptions.cancel(stripeId);
    await billgraph.settled();
    expect(refusalsOf(await open(cancel))).toEqual([{ code: 'CONFLICT', field: 'flow.subscriptionId' }]);
  });

  it('a change of plan that no page makes: before the first payment, of several items, by usage', async () => {
    const { stripe } = shop.tenant;
    const customer = shop.ada.stripeCustomerId;
    const meter = await stripe.billing.meters.create({
      display_name: 'Calls',
      event_name: 'calls',
      default_aggregation: { formula: 'sum' },
    });
    const metered = { interval: 'month', usage_type: 'metered', meter: meter.id } as const;
    const [calls, seat] = [await createPrice(shop.tenant, { recurring: metered }), await createPrice(shop.tenant)];
    const pro = { price: shop.price };
    const made = [
      await stripe.subscriptions.create({ customer, items: [pro], payment_behavior: 'default_incomplete' }),
      await stripe.subscriptions.create({ customer, items: [pro, { price: seat.id }] }),
      await stripe.subscriptions.create({ customer, items: [{ price: calls.id }] }),
    ];
    await billgraph.settled();
    const reasons = [/first payment/, /one item/, /one item/];
    for (const [at, { id: stripeId }] of made.entries()) {
      const [{ id }] = await sql(`select id from subscription where stripe_subscription_id = '${stripeId}'`);
      const answer = await open({ kind: 'BILLGRAPH', flow: { type: 'CHANGE_PLAN', subscriptionId: id } });
      expect(refusalsOf(answer)).toEqual([{ code: 'CONFLICT', field: 'flow.subscriptionId' }]);
      expect(answer.errors![0]!.message).toMatch(reasons[at]!);
    }
  });

  it('a colour that is none', async () => {
    const document =
      'mutation ($input: UpdateProjectSettingsInput!) { updateProjectSettings(input: $input) { settings { brandColor } } }';
    const at = { 'billgraph-project': shop.tenant.projectId };
    for (const brandColor of ['red', '#fff', '#12345g', '#112233;}', ''])
      expect(refusalsOf(await owner.ask(document, { input: { brandColor } }, at))).toEqual([
        { code: 'BAD_USER_INPUT', field: 'brandColor' },
      ]);
    const { data } = await owner.ask(document, { input: { brandColor: '#0B5CAD' } }, at);
    expect(data.updateProjectSettings.settings).toEqual({ brandColor: '#0b5cad' });
  });
});

describe('is not allowed', () => {
  it('without the scope, without a credential, and for another customer', async () => {
    const key = await shop.tenant.newApiKey({ scopes: ['customers:write', 'checkout:write'] });
    expect(refusalsOf(await open({}, key))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await open({}, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const bobs = await shop.tokenFor(shop.bob, ['portal:write']);
    expect(refusalsOf(await open({}, bobs))).toEqual([{ code: 'NOT_FOUND', field: 'customerId' }]);
    const flow = { type: 'CANCEL', subscriptionId };
    expect(refusalsOf(await open({ customerId: null, flow }, bobs))).toEqual([
      { code: 'NOT_FOUND', field: 'flow.subscriptionId' },
    ]);
  });

  it("for another tenant's customer", async () => {
    const other = await createTenant(billgraph);
    const { data } = await ask(billgraph, other.apiKey, CreateCustomerDocument, { input: { email: 'x@example.com' } });
    expect(refusalsOf(await open({ customerId: data.createCustomer.customer.id }))).toEqual([
      { code: 'NOT_FOUND', field: 'customerId' },
    ]);
  });
});
