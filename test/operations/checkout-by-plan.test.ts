import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Price } from '../../src/billing/catalog/price.entity.ts';
import {
  CreateCheckoutSessionDocument,
  CreateCustomerDocument,
  CreateCustomerTokenDocument,
} from '../../src/client/operations.generated.ts';
import type { Scope } from '../../src/identity/access/scopes.ts';
import { newId } from '../../src/ids.ts';
import { Plan } from '../../src/tenancy/projects/plan.entity.ts';
import { ProjectSettings } from '../../src/tenancy/projects/project-settings.entity.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let foreign: TestTenant;
let customerId: string;
let otherCustomerId: string;
let token: string;
const prices = { pro: '', selfService: '', secret: '', once: '', archived: '', foreign: '' };

beforeAll(async () => {
  billgraph = await startBillgraph();
  [tenant, foreign] = await Promise.all([createTenant(billgraph), createTenant(billgraph)]);
  const stripePrices = {
    pro: await createPrice(tenant),
    selfService: await createPrice(tenant),
    secret: await createPrice(tenant),
    once: await createPrice(tenant, { recurring: null }),
    archived: await createPrice(tenant),
    foreign: await createPrice(foreign),
  };
  await tenant.stripe.prices.update(stripePrices.archived.id, { active: false });
  await billgraph.settled();
  const em = billgraph.app.orm.em.fork();
  for (const [name, { id }] of Object.entries(stripePrices)) {
    const price = await em.findOneOrFail(Price, { stripePriceId: id });
    prices[name as keyof typeof prices] = price.id;
  }
  const { projectId } = tenant;
  const settings = await em.findOneOrFail(ProjectSettings, { projectId, environment: 'TEST' });
  settings.selfServicePriceIds = [prices.selfService, prices.archived, prices.foreign];
  plan('pro', prices.pro, true);
  plan('old', prices.archived);
  plan('lifetime', prices.once);
  await em.flush();
  function plan(name: string, id: string, isDefault = false) {
    em.create(Plan, {
      id: newId('plan'),
      projectId,
      environment: 'TEST',
      name,
      price: em.getReference(Price, id),
      isDefault,
    });
  }
  [customerId, otherCustomerId] = await Promise.all([newCustomer(), newCustomer()]);
  token = await mint(['checkout:write']);
});
afterAll(() => billgraph.close());

async function newCustomer(): Promise<string> {
  const input = { email: `${Math.random()}@example.com` };
  return (await ask(billgraph, tenant.apiKey, CreateCustomerDocument, { input })).data.createCustomer.customer.id;
}
async function mint(scopes: Scope[]): Promise<string> {
  const input = { customerId, scopes };
  return (await ask(billgraph, tenant.apiKey, CreateCustomerTokenDocument, { input })).data.createCustomerToken.token;
}
const open = (input: object = {}, credential = token, urls: object = {}) =>
  ask(billgraph, credential, CreateCheckoutSessionDocument, {
    input: { successUrl: 'https://app.example.com/done', cancelUrl: 'https://app.example.com/', ...urls, ...input },
  });
async function soldBy(answer: Awaited<ReturnType<typeof open>>) {
  expect(answer.errors).toBeUndefined();
  const { sessionId } = answer.data.createCheckoutSession;
  const session = await tenant.stripe.checkout.sessions.retrieve(sessionId, { expand: ['line_items'] });
  const { id } = session.line_items!.data[0]!.price!;
  const price = await billgraph.app.orm.em.fork().findOneOrFail(Price, { stripePriceId: id });
  return { price: price.id, customer: session.client_reference_id };
}

describe('a customer token checks out', () => {
  it.each([
    ['the default plan', {}, 'pro'],
    ['a plan by its name', { plan: 'pro' }, 'pro'],
    ['a self-service price', () => ({ priceId: prices.selfService }), 'selfService'],
    ['the price of a plan', () => ({ priceId: prices.pro }), 'pro'],
    ['a plan that is paid once', { plan: 'lifetime', mode: 'PAYMENT' }, 'once'],
  ] as const)('%s, for its own customer', async (_name, input, price) => {
    const given = typeof input === 'function' ? input() : input;
    expect(await soldBy(await open(given))).toEqual({ price: prices[price], customer: customerId });
    expect(await soldBy(await open({ ...given, customerId }))).toEqual({ price: prices[price], customer: customerId });
  });

  it('nothing, to save a payment method', async () => {
    expect((await open({ mode: 'SETUP' })).errors).toBeUndefined();
  });
});

describe('an API key checks out', () => {
  it('any active price, a plan, or the default plan', async () => {
    for (const [input, price] of [
      [{ priceId: prices.secret }, prices.secret],
      [{ plan: 'pro' }, prices.pro],
      [{}, prices.pro],
    ] as const)
      expect(await soldBy(await open({ ...input, customerId }, tenant.apiKey))).toEqual({
        price,
        customer: customerId,
      });
  });
});

describe('refuses', () => {
  it('a customer token any other price, whether it exists or not', async () => {
    const others = [prices.secret, prices.foreign, newId('pri'), 'x', 'a\0b'];
    const answers = await Promise.all(others.map((priceId) => open({ priceId })));
    const [first] = answers;
    expect(answers.flatMap(refusalsOf)).toEqual(others.map(() => ({ code: 'FORBIDDEN' })));
    expect(answers.map(({ errors }) => errors![0]!.message)).toEqual(others.map(() => first!.errors![0]!.message));
  });

  it.each([
    ['a self-service price that is archived', () => ({ priceId: prices.archived }), 'BAD_USER_INPUT', 'priceId'],
    ['a plan whose price is archived', () => ({ plan: 'old' }), 'BAD_USER_INPUT', 'plan'],
    ['a plan that there is not', () => ({ plan: 'gold' }), 'NOT_FOUND', 'plan'],
    ['a plan that is no text', () => ({ plan: 'p\0' }), 'NOT_FOUND', 'plan'],
    ['a price and a plan', () => ({ plan: 'pro', priceId: prices.selfService }), 'BAD_USER_INPUT', 'plan'],
    ['a plan that does not fit the mode', () => ({ plan: 'lifetime' }), 'BAD_USER_INPUT', 'plan'],
    ['a plan in mode SETUP', () => ({ plan: 'pro', mode: 'SETUP' }), 'BAD_USER_INPUT', 'plan'],
    ["another customer of the project's", () => ({ customerId: otherCustomerId }), 'NOT_FOUND', 'customerId'],
  ])('a customer token %s', async (_name, input, code, field) => {
    expect(refusalsOf(await open(input()))).toEqual([{ code, field }]);
  });

  it('an API key that names no customer', async () => {
    expect(refusalsOf(await open({}, tenant.apiKey))).toEqual([{ code: 'BAD_USER_INPUT', field: 'customerId' }]);
  });

  it('nothing to sell, where the project has no default plan', async () => {
    const input = { email: 'f@example.com' };
    const { data } = await ask(billgraph, foreign.apiKey, CreateCustomerDocument, { input });
    const answer = await open({ customerId: data.createCustomer.customer.id }, foreign.apiKey);
    expect(refusalsOf(answer)).toEqual([{ code: 'BAD_USER_INPUT', field: 'priceId' }]);
  });
});

describe('is not allowed', () => {
  it('without the scope', async () => {
    expect(refusalsOf(await open({}, await mint(['customers:read'])))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});

describe('sends browsers back only', () => {
  it.each([
    'https://app.example.com/done?session={CHECKOUT_SESSION_ID}',
    'https://app.example.com',
    'http://localhost:3000/done',
    'http://127.0.0.1/',
    'http://[::1]:8080/',
  ])('to %s', async (successUrl) => {
    expect((await open({ successUrl })).errors).toBeUndefined();
  });

  it.each([
    'javascript:alert(1)',
    '//evil.example',
    'https:/evil.example',
    'https:evil.example',
    '/done',
    'data:text/html,x',
    'https://app.example.com@evil.example/',
    'https://user:password@app.example.com/',
    'https://app.example.com.evil.example/',
    'https://evil.example/app.example.com',
    'https://evil.example/?https://app.example.com',
    'https://evil.example#https://app.example.com',
    'https://app.example.com:8443/',
    'http://app.example.com/',
    'https://аpp.example.com/',
    'https://app.example.com\\@evil.example/',
    'https://app。example.com.evil.example/',
    'https://localhost.evil.example/',
    'http://0x7f000001.evil.example/',
    'https://example.com.:443/x',
    'https://app.example.com\r\n.evil.example/',
  ])('and not to %j', async (url) => {
    for (const field of ['successUrl', 'cancelUrl'])
      expect(refusalsOf(await open({ [field]: url }))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });

  it('to this machine in TEST alone', async () => {
    const live = { projectId: tenant.projectId, environment: 'LIVE' } as const;
    const em = billgraph.app.orm.em.fork();
    em.create(ProjectSettings, { ...live, redirectOrigins: ['https://app.example.com'] });
    await em.flush();
    const { checkRedirects } = await import('../../src/tenancy/projects/check-redirects.ts');
    const tools = { em, publicUrl: 'https://billing.example.com' };
    await checkRedirects(tools, live, { successUrl: 'https://app.example.com/' });
    await expect(checkRedirects(tools, live, { successUrl: 'http://localhost/' })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { field: 'successUrl' },
    });
  });
});
