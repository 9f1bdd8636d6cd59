import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { asOwner } from '../rig/database.ts';
import { featuresOf } from '../rig/features.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { type Subscriber, subscribe } from '../rig/subscriptions.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let features: ReturnType<typeof featuresOf>;
/** Prices of two products in Stripe. */
let pro: string;
let extra: string;
let ada: Subscriber;
const reason = 'For the test.';
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  features = featuresOf(billgraph, tenant);
  pro = (await createPrice(tenant)).id;
  extra = (await createPrice(tenant)).id;
  ada = await subscribe(billgraph, tenant, [{ price: pro, quantity: 3 }, { price: extra }]);
  await features.newFeature('sso');
  await features.newFeature('seats', { type: 'LIMIT' });
  await features.newFeature('support', { type: 'ENUMERATED', options: ['mail', 'chat', 'phone'] });
  await features.newFeature('beta');
  const [productId, otherId] = [await productOf(pro), await productOf(extra)];
  await features.made('setProductFeature', { productId, feature: 'sso' });
  await features.made('setProductFeature', { productId, feature: 'seats', limit: '5', perUnit: true });
  await features.made('setProductFeature', { productId, feature: 'support', option: 'chat' });
  await features.made('setProductFeature', { productId: otherId, feature: 'seats', limit: '0.5' });
  await features.made('setProductFeature', { productId: otherId, feature: 'support', option: 'mail' });
});
afterAll(() => billgraph.close());

const sql = (text: string) => asOwner(billgraph.databaseUrl, text);
const productOf = async (price: string) =>
  (await sql(`select product_id as id from price where stripe_price_id = '${price}'`))[0].id;

const access = `{ allowed limit unlimited option changesAt feature { key } }`;
const hasAccess = (feature: string, customer: object | null = { id: ada.customerId }, credential = tenant.apiKey) =>
  ask(
    billgraph,
    credential,
    `query ($customer: CustomerBy, $feature: ID!) { hasAccess(customer: $customer, feature: $feature) ${access} }`,
    { customer, feature },
  );
const accessTo = async (feature: string, customer?: object) => (await hasAccess(feature, customer)).data.hasAccess;
const entitlementsOf = async (id: string, credential = tenant.apiKey) => {
  const document = `{ customer(by: { id: "${id}" }) { entitlements { totalCount nodes { feature { key } limit unlimited option overridden } } } }`;
  return (await ask(billgraph, credential, document)).data.customer.entitlements;
};
const tokenFor = async (customerId: string, scopes = ['customers:read', 'entitlements:read']) => {
  const mint = 'mutation ($input: CreateCustomerTokenInput!) { createCustomerToken(input: $input) { token } }';
  const { data } = await ask(billgraph, tenant.apiKey, mint, { input: { customerId, scopes } });
  return data.createCustomerToken.token;
};
const nothing = { allowed: false, limit: null, unlimited: false, option: null, changesAt: null };

describe('answers', () => {
  it('what subscriptions give: limits add up, times the quantity where they are for each unit; the furthest option', async () => {
    const value = { limit: null, unlimited: false, option: null, overridden: false };
    expect(await entitlementsOf(ada.customerId)).toEqual({
      totalCount: 3,
      nodes: [
        { ...value, feature: { key: 'sso' } },
        { ...value, feature: { key: 'seats' }, limit: '15.5' },
        { ...value, feature: { key: 'support' }, option: 'chat' },
      ],
    });
    expect(await accessTo('seats')).toEqual({ ...nothing, allowed: true, limit: '15.5', feature: { key: 'seats' } });
    expect(await accessTo('beta')).toEqual({ ...nothing, feature: { key: 'beta' } });
  });

  it('the customer and the feature by whatever names them; a customer token its own', async () => {
    const [{ id }] = await sql(`select id from feature where key = 'sso'`);
    expect(await accessTo(id, { stripeId: ada.stripeCustomerId })).toMatchObject({ allowed: true });
    const token = await tokenFor(ada.customerId);
    expect((await hasAccess('sso', null, token)).data.hasAccess.allowed).toBe(true);
    expect((await hasAccess('sso', { id: ada.customerId }, token)).data.hasAccess.allowed).toBe(true);
    expect((await entitlementsOf(ada.customerId, token)).totalCount).toBe(3);
    const bob = await subscribe(billgraph, tenant, [{ price: pro }]);
    expect(refusalsOf(await hasAccess('sso', { id: bob.customerId }, token))).toEqual([
      { code: 'NOT_FOUND', field: 'customer' },
    ]);
  });

  it('grants besides, and overrides instead: the one that was made last', async () => {
    const { customerId } = await subscribe(billgraph, tenant, [{ price: pro }]);
    const at = { id: customerId };
    const give = (name: string, input: object) => features.made(name, { customerId, reason, ...input });
    const end = (grantId: string) => features.made('revokeFeatureGrant', { grantId, reason });
    expect((await accessTo('seats', at)).limit).toBe('5');
    const more = await give('grantFeature', { feature: 'seats', limit: '2.5' });
    expect((await accessTo('seats', at)).limit).toBe('7.5');
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const all = await give('grantFeature', { feature: 'seats', unlimited: true, expiresAt });
    expect(await accessTo('seats', at)).toMatchObject({
      allowed: true,
      limit: null,
      unlimited: true,
      changesAt: expiresAt,
    });
    const first = await give('overrideFeature', { feature: 'seats', limit: '1' });
    expect(await accessTo('seats', at)).toMatchObject({ allowed: true, limit: '1', unlimited: false });
    const second = await give('overrideFeature', { feature: 'seats', allowed: false });
    expect(await accessTo('seats', at)).toMatchObject({ allowed: false, limit: null, unlimited: false });
    expect((await entitlementsOf(customerId)).nodes.map((one: any) => one.feature.key)).toEqual(['sso', 'support']);
    await end(second.id);
    expect((await accessTo('seats', at)).limit).toBe('1');
    await end(first.id);
    await end(all.id);
    await end(more.id);
    expect((await accessTo('seats', at)).limit).toBe('5');
    await give('grantFeature', { feature: 'support', option: 'phone' });
    expect((await accessTo('support', at)).option).toBe('phone');
    await give('grantFeature', { feature: 'beta' });
    expect((await accessTo('beta', at)).allowed).toBe(true);
    await give('overrideFeature', { feature: 'seats', limit: '0' });
    expect(await accessTo('seats', at)).toMatchObject({ allowed: false, limit: '0' });
  });

  it('a grant while it lasts, and when it begins', async () => {
    const { customerId } = await subscribe(billgraph, tenant, [{ price: extra }]);
    const startsAt = new Date(Date.now() + 86_400_000).toISOString();
    const given = { customerId, feature: 'beta', reason, startsAt, expiresAt: '2900-01-01T00:00:00Z' };
    const { id } = await features.made('grantFeature', given);
    expect(await accessTo('beta', { id: customerId })).toMatchObject({ allowed: false, changesAt: startsAt });
    expect((await entitlementsOf(customerId)).nodes.map((one: any) => one.feature.key)).toEqual(['seats', 'support']);
    await sql(`update feature_grant set starts_at = now() where id = '${id}'`);
    const now = await accessTo('beta', { id: customerId });
    expect(now).toMatchObject({ allowed: true, changesAt: '2900-01-01T00:00:00.000Z' });
    await sql(`update feature_grant set expires_at = now() where id = '${id}'`);
    expect(await accessTo('beta', { id: customerId })).toMatchObject({ allowed: false, changesAt: null });
  });

  it('nothing of a subscription that has ended, and in a grace period what it gives until it is over', async () => {
    const { customerId, stripeId } = await subscribe(billgraph, tenant, [{ price: pro }]);
    await sql(`update subscription set status = 'PAST_DUE' where stripe_subscription_id = '${stripeId}'`);
    expect(await accessTo('sso', { id: customerId })).toMatchObject({ allowed: true, changesAt: null });
    await sql(`update project_settings set grace_period_days = 3 where project_id = '${tenant.projectId}'`);
    const inGrace = await accessTo('sso', { id: customerId });
    expect(inGrace.allowed).toBe(true);
    expect(Date.parse(inGrace.changesAt)).toBeGreaterThan(Date.now());
    await sql(`update project_settings set grace_period_days = 0 where project_id = '${tenant.projectId}'`);
    expect(await accessTo('sso', { id: customerId })).toMatchObject({ allowed: false });
    await sql(`update subscription set status = 'ACTIVE' where stripe_subscription_id = '${stripeId}'`);
    expect(await accessTo('sso', { id: customerId })).toMatchObject({ allowed: true });
    await tenant.stripe.subscriptions.cancel(stripeId);
    await billgraph.settled();
    expect(await accessTo('sso', { id: customerId })).toMatchObject({ allowed: false });
    expect((await entitlementsOf(customerId)).totalCount).toBe(0);
  });

  it('what a product gives from now on, and no more; an archived feature to who has it', async () => {
    const productId = await productOf(extra);
    const { customerId } = await subscribe(billgraph, tenant, [{ price: extra }]);
    await features.newFeature('fleeting', { type: 'LIMIT' });
    await features.made('setProductFeature', { productId, feature: 'fleeting', limit: '1' });
    await features.made('archiveFeature', { feature: 'fleeting' });
    expect((await accessTo('fleeting', { id: customerId })).limit).toBe('1');
    await features.made('removeProductFeature', { productId, feature: 'fleeting' });
    expect((await accessTo('fleeting', { id: customerId })).allowed).toBe(false);
  });

  it("Stripe's own entitlements, by the lookup key", async () => {
    await features.newFeature('from_stripe');
    const product = await tenant.stripe.products.create({ name: 'Featured', metadata: {} });
    const feature = await tenant.stripe.entitlements.features.create({
      name: 'From Stripe',
      lookup_key: 'from_stripe',
    });
    await tenant.stripe.products.createFeature(product.id, { entitlement_feature: feature.id });
    const { id: price } = await createPrice(tenant, { product: product.id });
    const { customerId, stripeId } = await subscribe(billgraph, tenant, [{ price }]);
    expect((await accessTo('from_stripe', { id: customerId })).allowed).toBe(true);
    await tenant.stripe.subscriptions.cancel(stripeId);
    await billgraph.settled();
    expect((await accessTo('from_stripe', { id: customerId })).allowed).toBe(false);
    const past = await sql(
      `select lookup_key, started_at < ended_at as lasted from ended_entitlement where customer_id = '${customerId}'`,
    );
    expect(past).toEqual([{ lookup_key: 'from_stripe', lasted: true }]);
  });
});

describe('refuses', () => {
  it("a feature and a customer that are not there, another tenant's, malformed ones, and to guess who is meant", async () => {
    const other = await createTenant(billgraph);
    await featuresOf(billgraph, other).newFeature('theirs');
    for (const feature of ['theirs', 'ss0', 'fea_00000000000000000000000000', '', 'nul \0'])
      expect(refusalsOf(await hasAccess(feature))).toEqual([{ code: 'NOT_FOUND', field: 'feature' }]);
    for (const customer of [{ id: 'pc_00000000000000000000000000' }, { id: 'x' }, { email: 'nobody@example.com' }])
      expect(refusalsOf(await hasAccess('sso', customer))).toEqual([{ code: 'NOT_FOUND', field: 'customer' }]);
    expect(refusalsOf(await hasAccess('theirs', { id: ada.customerId }, other.apiKey))).toEqual([
      { code: 'NOT_FOUND', field: 'customer' },
    ]);
    expect(refusalsOf(await hasAccess('sso', null))).toEqual([{ code: 'BAD_USER_INPUT', field: 'customer' }]);
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    const reader = await tenant.newApiKey({ scopes: ['customers:read', 'features:read', 'entitlements:write'] });
    expect(refusalsOf(await hasAccess('sso', { id: ada.customerId }, 'bs_test_none'))).toEqual([
      { code: 'UNAUTHENTICATED' },
    ]);
    expect(refusalsOf(await hasAccess('sso', { id: ada.customerId }, reader))).toEqual([{ code: 'FORBIDDEN' }]);
    const document = `{ customer(by: { id: "${ada.customerId}" }) { entitlements { totalCount } } }`;
    expect(refusalsOf(await ask(billgraph, reader, document))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
