import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Price } from '../../src/billing/catalog/price.entity.ts';
import { CheckoutSession } from '../../src/billing/checkout/checkout-session.entity.ts';
import {
  CreateCheckoutSessionDocument,
  CreateCustomerDocument,
  CreateCustomerTokenDocument,
} from '../../src/client/operations.generated.ts';
import { ProjectSettings } from '../../src/tenancy/projects/project-settings.entity.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { cards, createPrice, payment, submitCheckout } from '../rig/checkout.ts';
import { behave, misbehave } from '../rig/faults.ts';
import { type Answer, ask, refusalsOf } from '../rig/graph.ts';

/** What a checkout session may be besides one price for a customer. */

let billgraph: Billgraph;
let tenant: TestTenant;
let customer: { id: string; stripeCustomerId: string };
let token: string;
const prices = { monthly: '', seats: '', yearly: '', once: '', euro: '', both: '', metered: '', archived: '' };
type Name = keyof typeof prices;

beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  const { stripe } = tenant;
  const meter = await stripe.billing.meters.create({
    display_name: 'Calls',
    event_name: 'calls',
    default_aggregation: { formula: 'sum' },
  });
  const made: Record<Name, Stripe.Price> = {
    monthly: await createPrice(tenant),
    seats: await createPrice(tenant, { unitAmount: 500 }),
    yearly: await createPrice(tenant, { recurring: { interval: 'year' } }),
    once: await createPrice(tenant, { recurring: null, unitAmount: 9_900 }),
    euro: await createPrice(tenant, { currency: 'eur' }),
    both: await createPrice(tenant),
    metered: await createPrice(tenant, { recurring: { interval: 'month', usage_type: 'metered', meter: meter.id } }),
    archived: await createPrice(tenant),
  };
  await stripe.prices.update(made.archived.id, { active: false });
  await stripe.prices.update(made.both.id, { currency_options: { eur: { unit_amount: 2_700 } } });
  await billgraph.settled();
  const em = billgraph.app.orm.em.fork();
  for (const name of Object.keys(prices) as Name[])
    prices[name] = (await em.findOneOrFail(Price, { stripePriceId: made[name].id })).id;
  const side = { projectId: tenant.projectId, environment: 'TEST' } as const;
  await em.nativeUpdate(ProjectSettings, side, { selfServicePriceIds: [prices.monthly, prices.seats] });
  customer = await newCustomer();
  const mint = { input: { customerId: customer.id, scopes: ['checkout:write'] } };
  token = (await ask(billgraph, tenant.apiKey, CreateCustomerTokenDocument, mint)).data.createCustomerToken.token;
});
afterAll(() => billgraph.close());

async function newCustomer() {
  const input = { email: `${Math.random()}@example.com` };
  return (await ask(billgraph, tenant.apiKey, CreateCustomerDocument, { input })).data.createCustomer.customer;
}
const back = { successUrl: 'https://app.example.com/done', cancelUrl: 'https://app.example.com/' };
const open = (input: object, credential = tenant.apiKey) =>
  ask(billgraph, credential, CreateCheckoutSessionDocument, {
    input: { ...back, ...(credential === tenant.apiKey && { customerId: customer.id }), ...input },
  });
async function inStripe({ data, errors }: Answer): Promise<Stripe.Checkout.Session> {
  expect(errors).toBeUndefined();
  return tenant.stripe.checkout.sessions.retrieve(data.createCheckoutSession.sessionId, { expand: ['line_items'] });
}
const lines = (...names: Name[]) => names.map((name) => ({ priceId: prices[name] }));
const code = async (given: Partial<Stripe.PromotionCodeCreateParams> = {}) => {
  const coupon = await tenant.stripe.coupons.create({ percent_off: 50, duration: 'once' });
  return tenant.stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, ...given });
};

describe('answers', () => {
  it('several prices: recurring, metered, and charged once with the first invoice', async () => {
    const [seats, ...others] = lines('seats', 'metered', 'once');
    const adjustableQuantity = { minimum: 2, maximum: 10 };
    const session = await inStripe(
      await open({ lineItems: [{ ...seats, quantity: 3, adjustableQuantity }, ...others] }),
    );
    expect(session).toMatchObject({ mode: 'subscription', amount_total: 11_400 });
    expect(session.line_items!.data).toMatchObject([
      { quantity: 3, adjustable_quantity: { enabled: true, minimum: 2, maximum: 10 } },
      { quantity: null },
      { quantity: 1 },
    ]);
  });

  it('one-time prices in mode PAYMENT', async () => {
    const session = await inStripe(await open({ mode: 'PAYMENT', lineItems: [{ ...lines('once')[0], quantity: 2 }] }));
    expect(session).toMatchObject({ mode: 'payment', amount_total: 19_800 });
  });

  it.each([
    ['CANCEL', 'cancel'],
    ['PAUSE', 'pause'],
    ['CREATE_INVOICE', 'create_invoice'],
  ])('a trial without a card, after which it is %s', async (trialWithoutCard) => {
    const session = await inStripe(await open({ priceId: prices.monthly, trialDays: 7, trialWithoutCard }));
    expect(session).toMatchObject({ payment_method_collection: 'if_required', amount_total: 0 });
  });

  it('the right to type a promotion code', async () => {
    const session = await inStripe(await open({ priceId: prices.monthly, allowPromotionCodes: true }));
    expect(session.allow_promotion_codes).toBe(true);
  });

  it("a promotion code, whatever its case; the customer's own before that for everybody", async () => {
    const everybody = await code({ code: 'HALF' });
    const named = await inStripe(await open({ priceId: prices.monthly, promotionCode: ' half ' }));
    expect(named).toMatchObject({ amount_total: 1_450, discounts: [{ promotion_code: everybody.id }] });
    const own = await code({ code: 'ours', customer: customer.stripeCustomerId });
    const mine = await inStripe(await open({ priceId: prices.monthly, promotionCode: 'OURS' }));
    expect(mine.discounts).toMatchObject([{ promotion_code: own.id }]);
  });

  it('taxes: the page asks for the address, and the customer keeps it', async () => {
    const session = await inStripe(await open({ priceId: prices.monthly, automaticTax: true }));
    expect(session).toMatchObject({ automatic_tax: { enabled: true }, billing_address_collection: 'required' });
    const address = { name: 'Ada', line1: 'Ring 1', postal_code: '1010', city: 'Wien', country: 'AT' };
    expect((await submitCheckout(session.url!, { ...payment(cards.ok), ...address })).status).toBe(303);
    await billgraph.settled();
    const query = `{ customer(by: { id: "${customer.id}" }) { address { country } invoices { nodes { status tax { amount } total { amount } } } } }`;
    const { data } = await ask(billgraph, tenant.apiKey, query);
    expect(data.customer).toEqual({
      address: { country: 'AT' },
      invoices: { nodes: [{ status: 'PAID', tax: { amount: '580' }, total: { amount: '3480' } }] },
    });
  });

  it('taxes as the project is set, unless the input says otherwise', async () => {
    const side = { projectId: tenant.projectId, environment: 'TEST' } as const;
    const set = (automaticTax: boolean) =>
      billgraph.app.orm.em.fork().nativeUpdate(ProjectSettings, side, { automaticTax });
    await set(true);
    const byDefault = await inStripe(await open({ priceId: prices.monthly }, token));
    const without = await inStripe(await open({ priceId: prices.monthly, automaticTax: false }));
    expect((await open({ mode: 'SETUP' })).errors).toBeUndefined();
    await set(false);
    expect([byDefault.automatic_tax.enabled, without.automatic_tax.enabled]).toEqual([true, false]);
  });

  it.each<[string, () => object, string, number]>([
    ['the one that is asked for', () => ({ priceId: prices.both, currency: 'EUR' }), 'eur', 2_700],
    ['their own, where nobody asks', () => ({ priceId: prices.both }), 'usd', 2_900],
    ['the one that they share', () => ({ lineItems: lines('both', 'euro') }), 'eur', 5_600],
    ['the one that they share, in whatever order', () => ({ lineItems: lines('euro', 'both') }), 'eur', 5_600],
  ])('prices of several currencies in %s', async (_name, input, currency, amount_total) => {
    expect(await inStripe(await open(input()))).toMatchObject({ currency, amount_total });
  });

  it.each([30, 1_440])('a session that is open for %s minutes', async (expiresInMinutes) => {
    const { expires_at, created } = await inStripe(await open({ priceId: prices.monthly, expiresInMinutes }));
    expect(Math.abs(expires_at - created - expiresInMinutes * 60)).toBeLessThan(120);
  });
});

describe('refuses', () => {
  const bad = (field: string) => [{ code: 'BAD_USER_INPUT', field }];
  it.each<[string, () => object, string]>([
    ['line items and a price', () => ({ lineItems: lines('monthly'), priceId: prices.seats }), 'lineItems'],
    ['line items and a plan', () => ({ lineItems: lines('monthly'), plan: 'pro' }), 'lineItems'],
    ['line items and a quantity', () => ({ lineItems: lines('monthly'), quantity: 2 }), 'lineItems'],
    ['no line items', () => ({ lineItems: [] }), 'lineItems'],
    ['101 line items', () => ({ lineItems: Array(101).fill(lines('monthly')[0]) }), 'lineItems'],
    ['a price twice', () => ({ lineItems: lines('monthly', 'monthly') }), 'lineItems.1.priceId'],
    ['prices of two intervals', () => ({ lineItems: lines('monthly', 'yearly') }), 'lineItems.1.priceId'],
    ['prices of two currencies', () => ({ lineItems: lines('monthly', 'euro') }), 'lineItems.1.priceId'],
    ['prices that share no currency', () => ({ lineItems: lines('both', 'monthly', 'euro') }), 'lineItems.2.priceId'],
    ['a currency that nothing is sold in', () => ({ priceId: prices.both, currency: 'GBP' }), 'currency'],
    ['a currency to save a card', () => ({ mode: 'SETUP', currency: 'EUR' }), 'currency'],
    ['an archived price', () => ({ lineItems: lines('monthly', 'archived') }), 'lineItems.1.priceId'],
    [
      'a recurring price to pay once',
      () => ({ mode: 'PAYMENT', lineItems: lines('once', 'seats') }),
      'lineItems.1.priceId',
    ],
    ['a subscription to what is paid once', () => ({ lineItems: lines('once') }), 'lineItems'],
    ['quantity 0', () => ({ lineItems: [{ priceId: prices.seats, quantity: 0 }] }), 'lineItems.0.quantity'],
    [
      'a quantity of a metered price',
      () => ({ lineItems: [{ priceId: prices.metered, quantity: 1 }] }),
      'lineItems.0.quantity',
    ],
    ['a quantity of a single metered price', () => ({ priceId: prices.metered, quantity: 1 }), 'quantity'],
    [
      'bounds of the quantity of a metered price',
      () => ({ lineItems: [{ priceId: prices.metered, adjustableQuantity: {} }] }),
      'lineItems.0.adjustableQuantity',
    ],
    [
      'bounds that are crossed',
      () => ({ lineItems: [{ priceId: prices.seats, adjustableQuantity: { minimum: 3, maximum: 2 } }] }),
      'lineItems.0.adjustableQuantity',
    ],
    [
      'a quantity beyond its bounds',
      () => ({ lineItems: [{ priceId: prices.seats, quantity: 100, adjustableQuantity: {} }] }),
      'lineItems.0.adjustableQuantity',
    ],
    ['line items in mode SETUP', () => ({ mode: 'SETUP', lineItems: lines('monthly') }), 'lineItems'],
    ['a trial without a card that lasts no time', () => ({ trialWithoutCard: 'PAUSE' }), 'trialWithoutCard'],
    ['promotion codes in mode SETUP', () => ({ mode: 'SETUP', allowPromotionCodes: true }), 'allowPromotionCodes'],
    ['tax in mode SETUP', () => ({ mode: 'SETUP', automaticTax: true }), 'automaticTax'],
    [
      'a code that is named and one that is typed',
      () => ({ allowPromotionCodes: true, promotionCode: 'X' }),
      'promotionCode',
    ],
    ['an empty code', () => ({ promotionCode: ' ' }), 'promotionCode'],
    ['29 minutes', () => ({ expiresInMinutes: 29 }), 'expiresInMinutes'],
    ['1,441 minutes', () => ({ expiresInMinutes: 1_441 }), 'expiresInMinutes'],
  ])('%s', async (_name, input, field) => {
    const answer = await open({
      ...(!('lineItems' in input()) && { priceId: prices.monthly }),
      ...withoutPrice(input()),
    });
    expect(refusalsOf(answer)).toEqual(bad(field));
    expect(answer.errors![0]!.message.length).toBeGreaterThan(20);
  });
  const withoutPrice = (input: { mode?: string }) => (input.mode === 'SETUP' ? { priceId: null, ...input } : input);

  it('a price in line items that there is not', async () => {
    const lineItems = [...lines('monthly'), { priceId: 'pri_00000000000000000000000000' }];
    expect(refusalsOf(await open({ lineItems }))).toEqual([{ code: 'NOT_FOUND', field: 'lineItems.1.priceId' }]);
  });

  it('a promotion code that there is not, that is for another customer, that has expired, or was used up', async () => {
    const other = await newCustomer();
    await code({ code: 'OTHERS', customer: other.stripeCustomerId });
    const expired = await code({ code: 'EXPIRED' });
    await tenant.stripe.promotionCodes.update(expired.id, { active: false });
    const late = await tenant.stripe.coupons.create({ percent_off: 10, duration: 'once', max_redemptions: 1 });
    await tenant.stripe.promotionCodes.create({ code: 'LATE', promotion: { type: 'coupon', coupon: late.id } });
    const redeemed = { customer: other.stripeCustomerId, items: [{ price: await stripePrice('monthly') }] };
    const card = await tenant.stripe.paymentMethods.attach('pm_card_visa', { customer: other.stripeCustomerId });
    await tenant.stripe.subscriptions.create({
      ...redeemed,
      default_payment_method: card.id,
      discounts: [{ coupon: late.id }],
    });
    for (const [promotionCode, refusal] of [
      ['NONE', 'NOT_FOUND'],
      ['OTHERS', 'NOT_FOUND'],
      ['a\u0007b', 'NOT_FOUND'],
      ['EXPIRED', 'BAD_USER_INPUT'],
      ['LATE', 'BAD_USER_INPUT'],
    ])
      expect(refusalsOf(await open({ priceId: prices.monthly, promotionCode }))).toEqual([
        { code: refusal, field: 'promotionCode' },
      ]);
  });
});

it('asks Stripe for no promotion code where the rest is refused', async () => {
  await misbehave(tenant, { kind: 'refusal', only: 'GET /v1/promotion_codes' });
  expect(refusalsOf(await open({ priceId: prices.archived, promotionCode: 'HALF' }))).toEqual([
    { code: 'BAD_USER_INPUT', field: 'priceId' },
  ]);
  expect(refusalsOf(await open({ priceId: prices.monthly, promotionCode: 'HALF' }))).toMatchObject([
    { code: 'STRIPE_ERROR' },
  ]);
  await behave(tenant);
});

const stripePrice = async (name: Name) =>
  (await billgraph.app.orm.em.fork().findOneOrFail(Price, { id: prices[name] })).stripePriceId;

describe('a customer token', () => {
  it('checks out line items that are published for self-service', async () => {
    const session = await inStripe(await open({ lineItems: lines('monthly', 'seats') }, token));
    expect(session.line_items!.data).toHaveLength(2);
  });

  it.each<[string, () => object]>([
    ['another price among them', () => ({ lineItems: lines('monthly', 'once') })],
    ['one that there is not', () => ({ lineItems: [{ priceId: 'pri_00000000000000000000000000' }] })],
    ['trial days', () => ({ trialDays: 730 })],
    ['a trial without a card', () => ({ trialDays: 7, trialWithoutCard: 'PAUSE' })],
    ['a promotion code', () => ({ promotionCode: 'HALF' })],
    ['that he may type any', () => ({ allowPromotionCodes: true })],
    ['a currency', () => ({ currency: 'USD' })],
    ['no taxes', () => ({ automaticTax: false })],
    ['a guest', () => ({ customerEmail: 'guest@example.com' })],
  ])('may not say %s', async (_name, input) => {
    const given = { ...(!('lineItems' in input()) && { priceId: prices.monthly }), ...input() };
    expect(refusalsOf(await open(given, token))).toEqual([{ code: 'FORBIDDEN' }]);
  });

  it('may not route what it buys to another project', async () => {
    for (const key of ['billgraph_project_id', 'billgraph_customer_id']) {
      const answer = await open({ priceId: prices.monthly, metadata: { [key]: 'x' } }, token);
      expect(refusalsOf(answer)).toEqual([{ code: 'BAD_USER_INPUT', field: `metadata.${key}` }]);
    }
  });
});

describe('a double click', () => {
  const sessionsOf = async (buyer: { stripeCustomerId: string }) =>
    (await tenant.stripe.checkout.sessions.list({ customer: buyer.stripeCustomerId })).data.map(({ id }) => id);

  it('makes one session: eight calls at once are answered alike, and so is one a moment later', async () => {
    const buyer = await newCustomer();
    await misbehave(tenant, { kind: 'slow', next: 1, only: 'POST /v1/checkout/sessions', milliseconds: 300 });
    const click = () => open({ customerId: buyer.id, priceId: prices.monthly });
    const answers = await Promise.all(Array.from({ length: 8 }, click));
    for (const { data, errors } of [...answers, await click()]) {
      expect(errors).toBeUndefined();
      expect(data).toEqual(answers[0]!.data);
    }
    expect(await sessionsOf(buyer)).toEqual([answers[0]!.data.createCheckoutSession.sessionId]);
  });

  it('makes another session for another quantity, under keys of the caller, and where the first is closed', async () => {
    const buyer = await newCustomer();
    const input = { customerId: buyer.id, priceId: prices.monthly };
    for (const more of [{}, { quantity: 2 }, { idempotencyKey: 'one' }, { idempotencyKey: 'two' }])
      expect((await open({ ...input, ...more })).errors).toBeUndefined();
    const ids = await sessionsOf(buyer);
    expect(ids).toHaveLength(4);
    for (const id of ids) await tenant.stripe.checkout.sessions.expire(id);
    expect(refusalsOf(await open(input))).toEqual([{ code: 'CONFLICT' }]);
    await billgraph.settled();
    expect((await open(input)).errors).toBeUndefined();
    expect(await sessionsOf(buyer)).toHaveLength(5);
  });

  it('is free again where Stripe refused the first one', async () => {
    const buyer = await newCustomer();
    await tenant.stripe.prices.update(await stripePrice('seats'), { active: false });
    const click = () => open({ customerId: buyer.id, priceId: prices.seats });
    const answers = await Promise.all([click(), click()]);
    for (const answer of answers) expect(answer.errors).toHaveLength(1);
    await tenant.stripe.prices.update(await stripePrice('seats'), { active: true });
    await billgraph.settled();
    expect((await click()).errors).toBeUndefined();
    expect(await sessionsOf(buyer)).toHaveLength(1);
  });
});

describe('when the answer of Stripe is lost', () => {
  // The call tries twice by itself, and the SDK each time once more.
  const lost = { kind: 'connection_lost_after', only: 'POST /v1/checkout/sessions', next: 4 };
  const rowsOf = ({ id }: { id: string }) => billgraph.app.orm.em.fork().find(CheckoutSession, { customer: id });

  it('the next call takes up the same session', async () => {
    const buyer = await newCustomer();
    await misbehave(tenant, lost);
    const click = () => open({ customerId: buyer.id, priceId: prices.monthly });
    const { errors } = await click();
    expect(errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
    await behave(tenant);
    const { id } = await inStripe(await click());
    expect((await tenant.stripe.checkout.sessions.list({ customer: buyer.stripeCustomerId })).data).toHaveLength(1);
    expect(await rowsOf(buyer)).toMatchObject([{ stripeSessionId: id, status: 'OPEN' }]);
  });

  it('and nobody calls again: the worker brings the session to its row', async () => {
    const buyer = await newCustomer();
    await misbehave(tenant, lost);
    await open({ customerId: buyer.id, priceId: prices.monthly });
    await behave(tenant);
    await billgraph.app.orm.em.getConnection().execute('update lane set run_at = now()');
    await billgraph.settled();
    const { data } = await tenant.stripe.checkout.sessions.list({ customer: buyer.stripeCustomerId });
    expect(await rowsOf(buyer)).toMatchObject(data.map(({ id }) => ({ stripeSessionId: id, status: 'OPEN' })));
    expect(data).toHaveLength(1);
  });
});
