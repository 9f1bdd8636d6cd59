import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomOf } from '../reader/tenants.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { asOwner } from '../rig/database.ts';
import { featuresOf } from '../rig/features.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { createOperator, type TestOperator } from '../rig/operator.ts';
import { giveCard, type Subscriber, subscribe } from '../rig/subscriptions.ts';
import { advance, day } from '../sandbox/clock.rig.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let owner: TestOperator;
let features: ReturnType<typeof featuresOf>;
const prices: string[] = [];
const products: string[] = [];
const keys = ['sso', 'seats', 'support'];
const options = ['mail', 'chat', 'phone'];
const reason = 'For the test.';
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  owner = await createOperator(billgraph, tenant);
  features = featuresOf(billgraph, tenant);
  for (const _ of [1, 2]) prices.push((await createPrice(tenant)).id);
  await billgraph.settled();
  for (const price of prices)
    products.push((await sql(`select product_id as id from price where stripe_price_id = '${price}'`))[0].id);
  await features.newFeature('sso');
  await features.newFeature('seats', { type: 'LIMIT' });
  await features.newFeature('support', { type: 'ENUMERATED', options });
  await features.newFeature('nobodys');
  await features.made('setProductFeature', { productId: products[0], feature: 'seats', limit: '0.5', perUnit: true });
});
afterAll(() => billgraph.close());

const sql = (text: string) => asOwner(billgraph.databaseUrl, text);
const verdict = 'limit unlimited option';
const explained = `at has ${verdict} subscriptionsKnownSince sources { kind counted from until allowed ${verdict} subscriptionId
  subscriptionStatus productId quantity grantId reason actorKind stripeFeatureId }`;
const explain = (
  feature: string,
  at: string | null = null,
  customer: object = { id: '' },
  credential = tenant.apiKey,
) =>
  ask(
    billgraph,
    credential,
    `query ($customer: CustomerBy!, $feature: ID!, $at: DateTime) { explainAccess(customer: $customer, feature: $feature, at: $at) { ${explained} } }`,
    { customer, feature, at },
  );
const why = async (of: Subscriber, feature: string, at: string | null = null) => {
  const { data, errors } = await explain(feature, at, { id: of.customerId });
  expect(errors).toBeUndefined();
  return data.explainAccess;
};
const setGrace = async (gracePeriodDays: number | null) => {
  const document = `mutation ($input: UpdateProjectSettingsInput!) { updateProjectSettings(input: $input) { settings { gracePeriodDays } } }`;
  const { errors } = await owner.ask(
    document,
    { input: { gracePeriodDays } },
    { 'billgraph-project': tenant.projectId },
  );
  expect(errors).toBeUndefined();
};
/** An instant between what was done before and what is done after. */
const between = async () => {
  const at = new Date();
  await expect.poll(() => Date.now() > at.getTime(), { interval: 1 }).toBe(true);
  return at.toISOString();
};

describe('answers', () => {
  it('every source with since when and until when, who and why; at instants that have passed what was then', async () => {
    const ada = await subscribe(billgraph, tenant, [{ price: prices[0]!, quantity: 4 }]);
    const before = await between();
    const grant = await features.made('grantFeature', {
      customerId: ada.customerId,
      feature: 'seats',
      limit: '1',
      reason,
    });
    const granted = await between();
    const override = await features.made('overrideFeature', {
      customerId: ada.customerId,
      feature: 'seats',
      allowed: false,
      reason: 'Misuse.',
    });
    const bought = {
      kind: 'SUBSCRIPTION',
      subscriptionId: ada.id,
      subscriptionStatus: 'ACTIVE',
      productId: products[0],
      quantity: 4,
      limit: '2',
      until: null,
    };
    expect(await why(ada, 'seats')).toMatchObject({
      has: false,
      limit: null,
      sources: [
        { ...bought, counted: false },
        {
          kind: 'GRANT',
          counted: false,
          grantId: grant.id,
          reason,
          actorKind: 'API_KEY',
          from: grant.startsAt,
          limit: '1',
        },
        { kind: 'OVERRIDE', counted: true, grantId: override.id, reason: 'Misuse.', allowed: false, unlimited: false },
      ],
    });
    expect(await why(ada, 'seats', granted)).toMatchObject({
      at: granted,
      has: true,
      limit: '3',
      sources: [
        { ...bought, counted: true },
        { kind: 'GRANT', counted: true },
      ],
    });
    expect(await why(ada, 'seats', before)).toMatchObject({
      has: true,
      limit: '2',
      sources: [{ ...bought, counted: true }],
    });
    await tenant.stripe.subscriptions.cancel(ada.stripeId);
    await billgraph.settled();
    const revoked = await features.made('revokeFeatureGrant', { grantId: override.id, reason });
    const now = await why(ada, 'seats');
    expect(now).toMatchObject({ has: true, limit: '1' });
    expect(now.sources).toMatchObject([
      { kind: 'SUBSCRIPTION', counted: false, subscriptionStatus: 'CANCELED' },
      { kind: 'GRANT', counted: true },
      { kind: 'OVERRIDE', counted: false, until: revoked.revokedAt },
    ]);
    expect((await why(ada, 'seats', before)).sources[0].until).toBe(now.sources[0].from);
    const long = await why(ada, 'seats', '2001-01-01T00:00:00.000Z');
    expect(long).toMatchObject({ has: false, sources: [] });
    expect(Date.parse(long.subscriptionsKnownSince)).toBeLessThanOrEqual(Date.parse(before));
    expect(await why(ada, 'nobodys')).toMatchObject({ has: false, unlimited: false, sources: [] });
  });

  it('a grace period, by the days that the project had set then', async () => {
    const { stripe } = tenant;
    // It began some weeks ago: the grace period is counted by our own clock.
    const start = Math.floor(Date.now() / 1000) - 45 * day;
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: start });
    const { id: stripeCustomerId } = await stripe.customers.create({ email: 'late@example.com', test_clock: clock.id });
    await giveCard(tenant, stripeCustomerId, 'pm_card_visa');
    const link = `mutation { linkStripeCustomer(input: { stripeCustomerId: "${stripeCustomerId}" }) { customer { id } } }`;
    const customerId = (await ask(billgraph, tenant.apiKey, link)).data.linkStripeCustomer.customer.id;
    const late = { customerId } as Subscriber;
    await stripe.subscriptions.create({ customer: stripeCustomerId, items: [{ price: prices[0]! }] });
    await giveCard(tenant, stripeCustomerId, 'pm_card_chargeCustomerFail');
    await billgraph.settled();
    expect(await why(late, 'seats')).toMatchObject({ has: true, sources: [{ kind: 'SUBSCRIPTION' }] });
    await setGrace(60);
    await advance(stripe, clock.id, start + 32 * day);
    await billgraph.settled();
    const inGrace = await between();
    expect(await why(late, 'seats')).toMatchObject({
      has: true,
      sources: [{ kind: 'GRACE', counted: true, subscriptionStatus: 'PAST_DUE' }],
    });
    await setGrace(3);
    const over = await between();
    expect(await why(late, 'seats')).toMatchObject({ has: false, sources: [{ kind: 'GRACE', counted: false }] });
    expect(await answers([customerId])).toMatchObject({ c0_seats: { allowed: false } });
    await setGrace(null);
    expect(await why(late, 'seats')).toMatchObject({ has: true, sources: [{ kind: 'GRACE', until: null }] });
    expect(await why(late, 'seats', over)).toMatchObject({ has: false });
    const then = (await why(late, 'seats', inGrace)).sources[0];
    expect(then).toMatchObject({ kind: 'GRACE', counted: true });
    expect(Date.parse(then.until)).toBeGreaterThan(Date.now());
  });

  it("what Stripe's entitlements gave, when they have ended too", async () => {
    const { stripe } = tenant;
    const { id: product } = await stripe.products.create({ name: 'Featured' });
    const { id: feature } = await stripe.entitlements.features.create({ name: 'Nobody', lookup_key: 'nobodys' });
    await stripe.products.createFeature(product, { entitlement_feature: feature });
    const bob = await subscribe(billgraph, tenant, [{ price: (await createPrice(tenant, { product })).id }]);
    const had = await between();
    const source = { kind: 'STRIPE_ENTITLEMENT', counted: true, stripeFeatureId: feature };
    expect(await why(bob, 'nobodys')).toMatchObject({ has: true, sources: [{ ...source, until: null }] });
    await stripe.subscriptions.cancel(bob.stripeId);
    await billgraph.settled();
    expect(await why(bob, 'nobodys')).toMatchObject({ has: false, sources: [] });
    expect(await why(bob, 'nobodys', had)).toMatchObject({
      has: true,
      sources: [{ ...source, until: expect.any(String) }],
    });
  });
});

/** What hasAccess answers now, of each customer and feature. */
async function answers(customers: string[]): Promise<Record<string, any>> {
  const all = customers.flatMap((id, index) =>
    keys.map(
      (key) => `c${index}_${key}: hasAccess(customer: { id: "${id}" }, feature: "${key}") { allowed ${verdict} }`,
    ),
  );
  const { data, errors } = await ask(billgraph, tenant.apiKey, `{ ${all.join(' ')} }`);
  expect(errors).toBeUndefined();
  return data;
}

/** The same, as it is explained of an instant. */
async function explanations(customers: string[], at: string): Promise<Record<string, any>> {
  const all = customers.flatMap((id, index) =>
    keys.map(
      (key) =>
        `c${index}_${key}: explainAccess(customer: { id: "${id}" }, feature: "${key}", at: "${at}") { allowed: has ${verdict} }`,
    ),
  );
  const { data, errors } = await ask(billgraph, tenant.apiKey, `{ ${all.join(' ')} }`);
  expect(errors).toBeUndefined();
  return data;
}

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
const rounds = Number(process.env.ROUNDS ?? 8);

it(`agrees at every instant with what hasAccess answered then, with SEED=${seed}, ROUNDS=${rounds}`, {
  timeout: 20_000 + rounds * 4_000,
}, async () => {
  const random = randomOf(seed);
  const one = <T>(of: readonly T[]): T => of[random(of.length)]!;
  const lives = [
    await subscribe(billgraph, tenant, [{ price: prices[0]! }]),
    await subscribe(billgraph, tenant, [{ price: prices[1]! }]),
  ];
  const customers = lives.map(({ customerId }) => customerId);
  const subscriptions = lives.map(({ stripeId, stripeCustomerId }) => ({
    id: stripeId,
    customer: stripeCustomerId,
    isLive: true,
  }));
  const grants: string[] = [];
  const { stripe } = tenant;
  const value = (key: string) => {
    if (key === 'sso') return {};
    if (key === 'support') return { option: one(options) };
    return random(5) ? { limit: one(['0', '1', '2.5', '1000000', '0.000000000001']) } : { unlimited: true };
  };
  const soon = () => new Date(Date.now() + 20 + random(60));
  const ofStripe: Record<string, () => Promise<unknown>> = {
    async subscribe() {
      const { customer } = one(subscriptions);
      const items = prices.slice(random(2)).map((price) => ({ price, quantity: 1 + random(3) }));
      const { id } = await stripe.subscriptions.create({ customer, items });
      subscriptions.push({ id, customer, isLive: true });
    },
    async resize() {
      const { id } = one(subscriptions.filter(({ isLive }) => isLive)) ?? {};
      if (!id) return ofStripe.subscribe!();
      const [item] = (await stripe.subscriptions.retrieve(id)).items.data;
      await stripe.subscriptions.update(id, { items: [{ id: item!.id, quantity: 1 + random(5), price: one(prices) }] });
    },
    async cancel() {
      const subscription = one(subscriptions);
      if (subscription.isLive) await stripe.subscriptions.cancel(subscription.id);
      subscription.isLive = false;
    },
  };
  const acts: Record<string, () => Promise<unknown>> = {
    ...ofStripe,
    async give() {
      const feature = one(keys);
      const perUnit = feature === 'seats' && random(2) === 0;
      await features.made('setProductFeature', { productId: one(products), feature, ...value(feature), perUnit });
    },
    takeAway: () => features.mutate('removeProductFeature', { productId: one(products), feature: one(keys) }),
    async grant() {
      const feature = one(keys);
      const starts = random(3) ? null : soon();
      const expiresAt = random(2) ? null : new Date((starts?.getTime() ?? Date.now()) + 500 + random(500));
      const input = { customerId: one(customers), feature, ...value(feature), reason, startsAt: starts, expiresAt };
      grants.push((await features.made(one(['grantFeature', 'grantFeature', 'overrideFeature']), input)).id);
    },
    async deny() {
      const input = { customerId: one(customers), feature: one(keys), allowed: false, reason };
      grants.push((await features.made('overrideFeature', input)).id);
    },
    async revoke() {
      if (grants.length) await features.mutate('revokeFeatureGrant', { grantId: one(grants), reason });
    },
  };
  const heard: { at: string; said: Record<string, any> }[] = [];
  const hear = async () => {
    // Time alone may change it between question and answer: until two agree, and the instant is between them.
    for (;;) {
      const said = await answers(customers);
      const at = await between();
      if (JSON.stringify(await answers(customers)) === JSON.stringify(said)) return void heard.push({ at, said });
    }
  };
  await hear();
  const done: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const name = one(Object.keys(acts));
    done.push(name);
    await acts[name]!();
    if (name in ofStripe) await billgraph.settled();
    await hear();
  }
  const has = new Set(heard.flatMap(({ said }) => Object.values(said).map(({ allowed }) => allowed)));
  expect([...has].sort(), 'both were answered').toEqual([false, true]);
  for (const { at, said } of heard) expect([at, done, await explanations(customers, at)]).toEqual([at, done, said]);
});

describe('refuses', () => {
  it("what is to come, and a feature and a customer that are not there, another tenant's, malformed ones", async () => {
    const { customerId: id } = await subscribe(billgraph, tenant, [{ price: prices[0]! }]);
    expect(refusalsOf(await explain('sso', '2900-01-01T00:00:00Z', { id }))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'at' },
    ]);
    for (const feature of ['nothing', 'fea_00000000000000000000000000', 'nul \0'])
      expect(refusalsOf(await explain(feature, null, { id }))).toEqual([{ code: 'NOT_FOUND', field: 'feature' }]);
    for (const customer of [{ id: 'pc_00000000000000000000000000' }, { id: 'x' }, { email: 'nobody@example.com' }])
      expect(refusalsOf(await explain('sso', null, customer))).toEqual([{ code: 'NOT_FOUND', field: 'customer' }]);
    expect(refusalsOf(await explain('sso', null, { externalId: 'nul \0' }))).toMatchObject([{ code: 'NOT_FOUND' }]);
    const other = await createTenant(billgraph);
    await featuresOf(billgraph, other).newFeature('sso');
    expect(refusalsOf(await explain('sso', null, { id }, other.apiKey))).toEqual([
      { code: 'NOT_FOUND', field: 'customer' },
    ]);
  });
});

describe('is not allowed', () => {
  it('without the scope, which no frontend holds', async () => {
    const reader = await tenant.newApiKey({ scopes: ['entitlements:read', 'entitlements:write', 'customers:read'] });
    expect(refusalsOf(await explain('sso', null, { id: 'x' }, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
