import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { openShop, type Shop } from '../rig/shop.ts';
import { usageOf } from '../rig/usage.ts';

let billgraph: Billgraph;
let shop: Shop;
let foreign: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  [shop, foreign] = await Promise.all([openShop(billgraph), createTenant(billgraph)]);
  const { stripe } = shop.tenant;
  const owing = { customer: shop.ada.stripeCustomerId, collection_method: 'send_invoice', days_until_due: 30 } as const;
  const { id: invoice } = await stripe.invoices.create(owing);
  await stripe.invoiceItems.create({ customer: owing.customer, invoice, amount: 500, currency: 'usd' });
  await stripe.invoices.finalizeInvoice(invoice!);
  await stripe.invoices.create(owing);
  const price = shop.price;
  const { id: ended } = await stripe.subscriptions.create({ customer: shop.ada.stripeCustomerId, items: [{ price }] });
  await stripe.subscriptions.cancel(ended);
  await billgraph.settled();
});
afterAll(() => billgraph.close());

const document = `query ($by: CustomerBy) {
  customerState(by: $by) {
    version
    changesAt
    customer { id email invoices { totalCount } }
    subscriptions { nodes { id hasAccess currentPeriodEnd items { nodes { quantity price { product { name } } } } } }
    entitlements { nodes { feature { key type } limit unlimited option changesAt } }
    openInvoices { totalCount nodes { status amountRemaining { amount } } }
  }
}`;
const stateOf = (by: object | null, credential = shop.tenant.apiKey) => ask(billgraph, credential, document, { by });

describe('answers', () => {
  it('the customer, what has not ended, what is to be paid, the version, and when it changes next', async () => {
    const { data, errors } = await stateOf({ id: shop.ada.id });
    expect(errors).toBeUndefined();
    const { customer, subscriptions, openInvoices, changesAt, version } = data.customerState;
    expect(customer).toEqual({ id: shop.ada.id, email: 'ada@example.com', invoices: { totalCount: 4 } });
    expect(subscriptions.nodes).toMatchObject([{ hasAccess: true, items: { nodes: [{ quantity: 1 }] } }]);
    expect(openInvoices).toMatchObject({ totalCount: 1, nodes: [{ status: 'OPEN' }] });
    expect(changesAt).toBe(subscriptions.nodes[0].currentPeriodEnd);
    expect(Number(version)).toBeGreaterThan(0);
  });

  it('by our id, your id, the email, and the id of Stripe; null for what is not there or not yours', async () => {
    const same = [{ id: shop.ada.id }, { externalId: 'u_ada' }, { email: 'ADA@example.com' }];
    for (const by of [...same, { stripeId: shop.ada.stripeCustomerId }])
      expect((await stateOf(by)).data.customerState.customer.id).toBe(shop.ada.id);
    for (const by of [{ id: 'pc_00000000000000000000000000' }, { id: '%' }, { email: '' }])
      expect(await stateOf(by)).toMatchObject({ data: { customerState: null }, errors: undefined });
    expect((await stateOf({ id: shop.ada.id }, foreign.apiKey)).data.customerState).toBeNull();
  });

  it('a customer token: its own state, named or not, and nobody else’s', async () => {
    const scopes = ['entitlements:read', 'customers:read', 'subscriptions:read', 'invoices:read'];
    const token = await shop.tokenFor(shop.ada, scopes);
    const own = await stateOf({ id: shop.ada.id });
    for (const by of [null, { externalId: 'u_ada' }]) expect((await stateOf(by, token)).data).toEqual(own.data);
    expect((await stateOf({ id: shop.bob.id }, token)).data.customerState).toBeNull();
  });

  it('another version after what happens in Stripe, and the same one as long as nothing does', async () => {
    const versionOf = async () => Number((await stateOf({ id: shop.bob.id })).data.customerState.version);
    const before = await versionOf();
    expect(await versionOf()).toBe(before);
    await shop.tenant.stripe.customers.update(shop.bob.stripeCustomerId, { name: 'Bob' });
    await billgraph.settled();
    const named = await versionOf();
    expect(named).toBeGreaterThan(before);
    await asOwner(billgraph.databaseUrl, `update product set name = name || '!'`);
    expect(await versionOf()).toBeGreaterThan(named);
  });

  it('what a grant gives as long as it lasts, and another version when it ends by itself', async () => {
    const said = async (mutation: string) => {
      const answer = await ask(billgraph, shop.tenant.apiKey, `mutation { ${mutation} }`);
      expect(answer.errors).toBeUndefined();
    };
    const read = async () => (await stateOf({ id: shop.bob.id })).data.customerState;
    await said('createFeature(input: { key: "export", name: "Export", type: BOOLEAN }) { feature { id } }');
    const before = await read();
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    await said(
      `grantFeature(input: { customerId: "${shop.bob.id}", feature: "export", reason: "A try", expiresAt: "${expiresAt}" }) { grant { id } }`,
    );
    const granted = await read();
    expect(granted).toMatchObject({ changesAt: expiresAt, entitlements: { nodes: [{ feature: { key: 'export' } }] } });
    expect(Number(granted.version)).toBeGreaterThan(Number(before.version));
    await asOwner(billgraph.databaseUrl, `update feature_grant set expires_at = now() + interval '500 milliseconds'`);
    await expect
      .poll(read, { timeout: 15_000, interval: 50 })
      .toEqual({ ...before, version: String(Number(granted.version) + 2) });
  });

  it('another version with usage that is reported, and none with what was reported before', async () => {
    const usage = usageOf(billgraph, shop.tenant);
    const { eventName } = await usage.newMeter();
    const events = [{ meter: eventName, customerId: shop.bob.id, identifier: 'call_1', value: '1' }];
    const versionAfter = async () => {
      expect((await usage.reportUsage({ events })).errors).toBeUndefined();
      return Number((await stateOf({ id: shop.bob.id })).data.customerState.version);
    };
    const before = Number((await stateOf({ id: shop.bob.id })).data.customerState.version);
    const reported = await versionAfter();
    expect(reported).toBeGreaterThan(before);
    expect(await versionAfter()).toBe(reported);
  });

  it('null once the customer is deleted', async () => {
    const { id } = await shop.tenant.stripe.customers.create({
      email: 'gone@example.com',
      metadata: { billgraph_project_id: shop.tenant.projectId },
    });
    await billgraph.settled();
    expect((await stateOf({ stripeId: id })).data.customerState.subscriptions.nodes).toEqual([]);
    await shop.tenant.stripe.customers.del(id);
    await billgraph.settled();
    expect((await stateOf({ stripeId: id })).data.customerState).toBeNull();
  });
});

/** What it looks up of keys, and what its background asks meanwhile. */
const ofTheServerItself = /api_key|\blane\b|pg_notify|^listen|^select 1|pg_advisory/;

it('is one statement, whatever is selected', async () => {
  await billgraph.app.worker!.stop();
  const { query } = pg.Client.prototype;
  const sent: string[] = [];
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [asked] = args as [{ text?: string } | string];
    sent.push(typeof asked === 'string' ? asked : (asked.text ?? ''));
    return query.apply(this, args as never);
  } as never;
  try {
    for (const asked of [document, 'query ($by: CustomerBy) { customerState(by: $by) { version } }']) {
      sent.length = 0;
      const { data } = await ask(billgraph, shop.tenant.apiKey, asked, { by: { id: shop.ada.id } });
      expect(data.customerState.version).toMatch(/^\d+$/);
      expect(sent.filter((text) => !ofTheServerItself.test(text))).toEqual([expect.stringContaining('"customer"')]);
    }
  } finally {
    pg.Client.prototype.query = query;
  }
});

describe('refuses', () => {
  it('a key that does not say whose state', async () => {
    expect(refusalsOf(await stateOf(null))).toEqual([{ code: 'BAD_USER_INPUT', field: 'by' }]);
  });

  it('two ways of naming a customer', async () => {
    const answer = await stateOf({ id: shop.ada.id, email: 'ada@example.com' });
    expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('is not allowed', () => {
  it('without entitlements:read, nor what is in it without its own scope', async () => {
    const without = await shop.tenant.newApiKey({ scopes: ['customers:read'] });
    expect((await stateOf({ id: shop.ada.id }, without)).errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      missingScopes: ['entitlements:read'],
    });
    const alone = await shop.tenant.newApiKey({ scopes: ['entitlements:read'] });
    for (const field of ['customer { id }', 'subscriptions { totalCount }', 'openInvoices { totalCount }']) {
      const asked = `query ($by: CustomerBy) { customerState(by: $by) { version ${field} } }`;
      const answer = await ask(billgraph, alone, asked, { by: { id: shop.ada.id } });
      expect([field, refusalsOf(answer)[0]?.code]).toEqual([field, 'FORBIDDEN']);
    }
  });
});
