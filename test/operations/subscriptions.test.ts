import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, startBillgraph } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { createOperator, type TestOperator } from '../rig/operator.ts';
import { openShop, type Shop } from '../rig/shop.ts';

let billgraph: Billgraph;
let shop: Shop;
let foreign: Shop;
let owner: TestOperator;
beforeAll(async () => {
  billgraph = await startBillgraph();
  [shop, foreign] = await Promise.all([openShop(billgraph), openShop(billgraph)]);
  owner = await createOperator(billgraph, shop.tenant);
});
afterAll(() => billgraph.close());

const key = () => shop.tenant.apiKey;
const fields = `id status hasAccess isTrialing inGracePeriod graceEndsAt willRenew cancelAtPeriodEnd cancelAt pauseBehavior pauseResumesAt
  customer { id } latestInvoice { status total { formatted } }
  items { nodes { quantity price { unitAmount { formatted } product { name } } } }`;
const list = async (filter: object | null, credential = key()) => {
  const document = `query ($filter: SubscriptionFilter) { subscriptions(filter: $filter) { totalCount nodes { ${fields} } } }`;
  const { data, errors } = await ask(billgraph, credential, document, { filter });
  expect(errors).toBeUndefined();
  return data.subscriptions;
};
const of = async ({ id: customerId }: { id: string }) => (await list({ customerId, activeOnly: false })).nodes[0];
const setGrace = (gracePeriodDays: number | null) =>
  owner.ask(
    `mutation ($input: UpdateProjectSettingsInput!) { updateProjectSettings(input: $input) { settings { gracePeriodDays } } }`,
    { input: { gracePeriodDays } },
  );
const day = 86_400_000;

describe('answers', () => {
  it('where a subscription stands', async () => {
    expect(await of(shop.bob)).toMatchObject({
      status: 'ACTIVE',
      hasAccess: true,
      isTrialing: false,
      inGracePeriod: false,
      graceEndsAt: null,
      willRenew: true,
      pauseBehavior: null,
      latestInvoice: { status: 'PAID', total: { formatted: '$29.00' } },
      items: { nodes: [{ quantity: 1, price: { unitAmount: { formatted: '$29.00' }, product: { name: 'Pro' } } }] },
    });
    const { stripe } = shop.tenant;
    await stripe.subscriptions.update(shop.bob.stripeSubscriptionId, {
      cancel_at_period_end: true,
      pause_collection: { behavior: 'void' },
    });
    await billgraph.settled();
    const paused = { hasAccess: true, willRenew: false, cancelAtPeriodEnd: true, pauseBehavior: 'VOID' };
    expect(await of(shop.bob)).toMatchObject(paused);
    const { stripeCustomerId: customer } = shop.bob;
    await stripe.subscriptions.create({ customer, items: [{ price: shop.price }], trial_period_days: 7 });
    await billgraph.settled();
    expect((await list({ status: ['TRIALING'] })).nodes).toMatchObject([
      { customer: { id: shop.bob.id }, isTrialing: true, hasAccess: true, willRenew: true },
    ]);
  });

  it('those that are active, unless a filter says otherwise', async () => {
    const { stripe } = foreign.tenant;
    const { apiKey } = foreign.tenant;
    expect((await list(null, apiKey)).totalCount).toBe(2);
    await stripe.subscriptions.cancel(foreign.bob.stripeSubscriptionId);
    await billgraph.settled();
    const count = async (filter: object | null) => (await list(filter, apiKey)).totalCount;
    expect(await count(null)).toBe(1);
    expect(await count({})).toBe(1);
    expect(await count({ activeOnly: false })).toBe(2);
    expect(await count({ status: ['CANCELED'] })).toBe(1);
    expect(await count({ status: ['CANCELED'], activeOnly: true })).toBe(0);
    expect(await count({ status: ['CANCELED', 'ACTIVE'], activeOnly: true })).toBe(1);
    expect(await count({ email: ' BOB@example.com' })).toBe(0);
    expect(await count({ email: ' BOB@example.com', activeOnly: false })).toBe(1);
    expect(await count({ email: 'ada@example.com' })).toBe(1);
    expect(await count({ customerId: foreign.ada.id })).toBe(1);
    for (const filter of [{ customerId: shop.ada.id }, { email: 'nobody' }, { email: '\0' }, { customerId: '\0' }])
      expect(await count(filter)).toBe(0);
  });

  it("a customer token: its own customer's alone", async () => {
    const token = await shop.tokenFor(shop.ada, ['subscriptions:read', 'customers:read', 'invoices:read']);
    expect((await list(null, token)).nodes).toMatchObject([{ customer: { id: shop.ada.id } }]);
    expect((await list({ email: 'bob@example.com' }, token)).totalCount).toBe(0);
  });
});

describe('a grace period', () => {
  it("lasts the project's days after the unpaid invoice was due, and access with it", async () => {
    const sql = (text: string) => asOwner(billgraph.databaseUrl, text);
    const where = `customer_id = '${shop.ada.id}'`;
    await sql(`update subscription set status = 'PAST_DUE', stripe_status = 'past_due' where ${where}`);
    const due = new Date(Date.now() - 3 * day);
    await sql(
      `update invoice set status = 'OPEN', finalized_at = '${due.toISOString()}', due_date = null where ${where}`,
    );

    expect(await of(shop.ada)).toMatchObject({
      hasAccess: true,
      inGracePeriod: true,
      graceEndsAt: null,
      willRenew: true,
    });
    expect((await setGrace(4)).data.updateProjectSettings.settings).toEqual({ gracePeriodDays: 4 });
    const ends = (days: number) => new Date(due.getTime() + days * day).toISOString();
    expect(await of(shop.ada)).toMatchObject({ hasAccess: true, inGracePeriod: true, graceEndsAt: ends(4) });
    await setGrace(2);
    expect(await of(shop.ada)).toMatchObject({ hasAccess: false, inGracePeriod: false, graceEndsAt: ends(2) });
    const token = await shop.tokenFor(shop.ada, ['subscriptions:read']);
    const asked = await ask(billgraph, token, '{ subscriptions { nodes { hasAccess graceEndsAt } } }');
    expect(asked.data.subscriptions.nodes).toEqual([{ hasAccess: false, graceEndsAt: ends(2) }]);

    await sql(`update subscription set status = 'ACTIVE', stripe_status = 'active' where ${where}`);
    expect(await of(shop.ada)).toMatchObject({ hasAccess: true, inGracePeriod: false, graceEndsAt: null });
    expect((await setGrace(null)).data.updateProjectSettings.settings).toEqual({ gracePeriodDays: null });
  });

  it.each([-1, 366])('of %s days is refused', async (days) => {
    expect(refusalsOf(await setGrace(days))).toEqual([{ code: 'BAD_USER_INPUT', field: 'gracePeriodDays' }]);
  });
});

describe('refuses', () => {
  it('a customer by id and email at once', async () => {
    const document = `{ subscriptions(filter: { customerId: "x", email: "ada@example.com" }) { totalCount } }`;
    expect(refusalsOf(await ask(billgraph, key(), document))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'filter.email' },
    ]);
  });
});

describe('is not allowed', () => {
  it('without the scope', async () => {
    const other = await shop.tenant.newApiKey({ scopes: ['customers:read', 'invoices:read'] });
    const document = '{ subscriptions(filter: { email: "ada@example.com" }) { totalCount } }';
    expect(refusalsOf(await ask(billgraph, other, document))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
