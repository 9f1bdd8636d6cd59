import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { featuresOf } from '../rig/features.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { numbers, referralsOf } from '../rig/referrals.ts';
import { rewardsOf } from '../rig/rewards.ts';
import { openShop, type Shop } from '../rig/shop.ts';
import { usageOf } from '../rig/usage.ts';

let billgraph: Billgraph;
let shop: Shop;
let foreign: Shop;
let serial = 0;
beforeAll(async () => {
  billgraph = await startBillgraph();
  [shop, foreign] = await Promise.all([openShop(billgraph), openShop(billgraph)]);
});
afterAll(() => billgraph.close());

const find = (id: string, credential: string | null = shop.tenant.apiKey) =>
  ask(billgraph, credential, 'query ($id: ID!) { node(id: $id) { __typename id } }', { id });

/** An id of each noun, by its type. */
async function idsOf({ tenant, ada }: Shop): Promise<Record<string, string>> {
  const card = (await tenant.stripe.paymentMethods.attach('pm_card_createDispute', { customer: ada.stripeCustomerId }))
    .id;
  const money = { customer: ada.stripeCustomerId, amount: 500, currency: 'usd', payment_method: card, confirm: true };
  await tenant.stripe.paymentIntents.create(money);
  await tenant.stripe.customers.createTaxId(ada.stripeCustomerId, { type: 'us_ein', value: '12-3456789' });
  await billgraph.settled();
  const input = {
    customerId: ada.id,
    mode: 'SETUP',
    successUrl: 'https://app.example.com',
    cancelUrl: 'https://app.example.com',
  };
  const { data: opened } = await ask(
    billgraph,
    tenant.apiKey,
    'mutation ($input: CreateCheckoutSessionInput!) { createCheckoutSession(input: $input) { sessionId } }',
    { input },
  );
  const { data, errors } = await ask(
    billgraph,
    tenant.apiKey,
    `query ($id: ID!, $session: ID!) { checkoutSession(id: $session) { __typename id } customer(by: { id: $id }) { __typename id
      subscription { __typename id items(last: 1) { nodes { __typename id price { __typename id product { __typename id } } } } }
      invoices(last: 1) { nodes { __typename id lines(last: 1) { nodes { __typename id } } } } taxIds(last: 1) { nodes { __typename id } } paymentMethods(last: 1) { nodes { __typename id } }
      payments(last: 1) { nodes { __typename id charges(last: 1) { nodes { __typename id disputes(last: 1) { nodes { __typename id } } } } } } } }`,
    { id: ada.id, session: opened.createCheckoutSession.sessionId },
  );
  expect(errors).toBeUndefined();
  const found: Record<string, string> = {};
  JSON.stringify(data, (_name, value) => {
    if (value?.id) found[value.__typename] = value.id;
    return value;
  });
  const features = featuresOf(billgraph, tenant);
  await features.mutate('createFeature', { key: 'sso', name: 'SSO', type: 'BOOLEAN' });
  const given = await features.made('setProductFeature', { productId: found.Product, feature: 'sso' });
  const grant = await features.made('grantFeature', { customerId: ada.id, feature: 'sso', reason: 'For the test.' });
  const { data: named } = await ask(billgraph, tenant.apiKey, '{ feature(by: { key: "sso" }) { id } }');
  const counted = await usageIdsOf(billgraph, tenant, ada.id);
  const setRate =
    'mutation { setExchangeRate(input: { from: "EUR", to: "USD", day: "2026-11-21", rate: "1" }) { exchangeRate { id } } }';
  const ExchangeRate = (await ask(billgraph, tenant.apiKey, setRate)).data.setExchangeRate.exchangeRate.id;
  const reward = rewardsOf(billgraph, tenant).reward(ada.id);
  await reward.credit();
  return {
    ...found,
    ...(await reward.ids()),
    ExchangeRate,
    Feature: named.feature.id,
    ProductFeature: given.id,
    FeatureGrant: grant.id,
    ...counted,
    ...(await referralIdsOf(billgraph, tenant, ada)),
  };
}

async function usageIdsOf(server: Billgraph, tenant: TestTenant, customerId: string): Promise<Record<string, string>> {
  const usage = usageOf(server, tenant);
  const features = featuresOf(server, tenant);
  const Meter = (await usage.newMeter('SUM', { eventName: `calls_${++serial}` })).id;
  const feature = `calls_${serial}`;
  await features.newFeature(feature, { type: 'LIMIT', meter: Meter });
  await features.made('grantFeature', { customerId, feature, limit: '9', reason: 'For the test.' });
  const reported = await usage.reportUsage({ events: [{ meter: Meter, customerId, value: '1' }] });
  const reserve = `mutation { reserveUsage(input: { customerId: "${customerId}", feature: "${feature}" }) { reservation { id } } }`;
  const { data } = await ask(server, tenant.apiKey, reserve);
  const UsageEvent = reported.data.reportUsage.results[0].eventId;
  return { Meter, UsageEvent, UsageReservation: data.reserveUsage.reservation.id };
}

/** Of one whom the customer referred, and who paid. */
async function referralIdsOf(server: Billgraph, tenant: TestTenant, customer: { id: string }) {
  const referrals = referralsOf(server, tenant);
  await referrals.configure({ enabled: true, currency: 'USD', referrerCredit: '500' });
  const code = await referrals.newCode(customer);
  const friend = await referrals.newCustomer();
  const referral = await referrals.apply(friend, code);
  await referrals.pay(friend, { number: numbers.mastercard });
  await server.settled();
  const { rewards } = await referrals.look(referral.id);
  return { Referral: referral.id, ReferralCode: code.id, ReferralReward: rewards.nodes[0].id };
}

describe('answers', () => {
  it('every published noun by its id, and nothing of another tenant', async () => {
    const [own, theirs] = [await idsOf(shop), await idsOf(foreign)];
    const { data } = await ask(billgraph, shop.tenant.apiKey, '{ __type(name: "Node") { possibleTypes { name } } }');
    const nouns: string[] = data.__type.possibleTypes.map(({ name }: { name: string }) => name);
    expect(Object.keys(own).sort()).toEqual(nouns.sort());
    for (const [type, id] of Object.entries(own)) {
      expect(await find(id)).toMatchObject({ data: { node: { __typename: type, id } }, errors: undefined });
      expect(await find(theirs[type]!)).toMatchObject({ data: { node: null }, errors: undefined });
      const unknown = `${id.split('_')[0]}_00000000000000000000000000`;
      for (const other of [unknown, `${id}x`, id.toUpperCase(), `${id.split('_')[0]}_`, `${id}\0`])
        expect(await find(other)).toMatchObject({ data: { node: null }, errors: undefined });
    }
  });

  it.each(['', '_', 'x', 'team_00000000000000000000000000', '__proto___00000000000000000000000000', 'constructor_0'])(
    'null for %j',
    async (id) => {
      expect(await find(id)).toMatchObject({ data: { node: null }, errors: undefined });
    },
  );

  it("to a customer token its own customer's alone, and the catalog", async () => {
    const scopes = [
      'customers:read',
      'subscriptions:read',
      'invoices:read',
      'payment_methods:read',
      'products:read',
      'checkout:read',
      'entitlements:read',
      'usage:read',
      'referrals:read',
    ];
    const [ada, bob] = [await shop.tokenFor(shop.ada, scopes), await shop.tokenFor(shop.bob, scopes)];
    for (const [type, id] of Object.entries(await idsOf(shop))) {
      if (['Payment', 'Charge', 'Dispute', 'FeatureGrant', 'Meter', 'ExchangeRate'].includes(type)) {
        expect(refusalsOf(await find(id, ada))).toEqual([{ code: 'FORBIDDEN' }]);
        continue;
      }
      expect((await find(id, ada)).data.node).toEqual({ __typename: type, id });
      expect((await find(id, ada)).data.node).toEqual({ __typename: type, id });
      const everyones = ['Price', 'Product', 'Feature', 'ProductFeature'].includes(type);
      expect((await find(id, bob)).data.node).toEqual(everyones ? { __typename: type, id } : null);
    }
  });
});

describe('is not allowed', () => {
  it('without the scope of the noun, whether there is one or not', async () => {
    const bare = await shop.tenant.newApiKey({ scopes: ['webhooks:read'] });
    for (const id of Object.values(await idsOf(shop)))
      for (const one of [id, `${id.split('_')[0]}_00000000000000000000000000`]) {
        const answer = await find(one, bare);
        expect(refusalsOf(answer)).toEqual([{ code: 'FORBIDDEN' }]);
        expect(answer.errors![0]!.extensions.missingScopes).toHaveLength(1);
      }
    expect(refusalsOf(await find(shop.ada.id, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
  });

  it('to a field behind it without the scope of that field', async () => {
    const key = await shop.tenant.newApiKey({ scopes: ['customers:read'] });
    const document = 'query ($id: ID!) { node(id: $id) { ... on Customer { invoices { totalCount } } } }';
    expect(refusalsOf(await ask(billgraph, key, document, { id: shop.ada.id }))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
