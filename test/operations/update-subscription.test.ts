import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerTokenDocument } from '../../src/client/operations.generated.ts';
import { newId } from '../../src/ids.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { asOwner } from '../rig/database.ts';
import { behave, misbehave, silence } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { giveCard, type Subscriber, subscribe } from '../rig/subscriptions.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
/** Ours and Stripe's ids of prices. */
const prices: Record<string, { id: string; stripeId: string }> = {};
let subscribers: Subscriber[];
let several: Subscriber;
let waiting: Subscriber;
let foreignPrice: string;
beforeAll(async () => {
  billgraph = await startBillgraph();
  const [own, other] = await Promise.all([createTenant(billgraph), createTenant(billgraph)]);
  tenant = own;
  const { stripe } = tenant;
  const meter = await stripe.billing.meters.create({
    display_name: 'Calls',
    event_name: 'calls',
    default_aggregation: { formula: 'sum' },
  });
  const { product } = await createPrice(tenant);
  const metered = { interval: 'month' as const, usage_type: 'metered' as const, meter: meter.id };
  const made = {
    pro: await createPrice(tenant),
    team: await createPrice(tenant, { unitAmount: 9_900 }),
    yearly: await createPrice(tenant, { unitAmount: 29_000, recurring: { interval: 'year' } }),
    seat: await createPrice(tenant, { unitAmount: 500 }),
    calls: await createPrice(tenant, { unitAmount: 1, recurring: metered }),
    once: await createPrice(tenant, { recurring: null }),
    archived: await createPrice(tenant),
    euro: await stripe.prices.create({
      product: product as string,
      currency: 'eur',
      unit_amount: 2_900,
      recurring: { interval: 'month' },
    }),
  };
  await stripe.prices.update(made.archived.id, { active: false });
  const pro = made.pro.id;
  const items = [{ price: pro }, { price: made.seat.id, quantity: 3 }, { price: made.calls.id }];
  const stranger = createPrice(other);
  [subscribers, several, waiting] = await Promise.all([
    Promise.all(Array.from({ length: 13 }, () => subscribe(billgraph, tenant, [{ price: pro }]))),
    subscribe(billgraph, tenant, items),
    subscribe(billgraph, tenant, [{ price: pro }], { card: null, payment_behavior: 'default_incomplete' }),
  ]);
  foreignPrice = await ourId((await stranger).id);
  for (const [name, { id }] of Object.entries(made)) prices[name] = { id: await ourId(id), stripeId: id };
  await plan('pro', prices.pro!.id);
  await plan('team', prices.team!.id);
  await silence(tenant);
});
afterAll(() => billgraph.close());

const sql = (text: string, values: unknown[] = []) => asOwner(billgraph.databaseUrl, text, values);
const ourId = async (id: string) => (await sql('select id from price where stripe_price_id = $1', [id]))[0].id;
const plan = (name: string, price: string) =>
  sql(
    `insert into plan (id, project_id, environment, name, price_id, created_at) values ($1, $2, 'TEST', $3, $4, now())`,
    [newId('plan'), tenant.projectId, name, price],
  );

const document = `mutation ($input: UpdateSubscriptionInput!) { updateSubscription(input: $input) { subscription {
  status quantity price { id } currentPeriodEnd items { nodes { id quantity price { id } } }
} } }`;
const preview = `query ($input: PreviewSubscriptionChangeInput!) { previewSubscriptionChange(input: $input) {
  dueNow { amount currency } nextBillingAt prorationDate
  invoice { total { amount } amountDue { amount } lines { description amount { amount } proration periodStart periodEnd } }
  nextInvoice { total { amount } lines { amount { amount } proration priceId } }
} }`;
const update = (input: object, credential: string | null = tenant.apiKey) =>
  ask(billgraph, credential, document, { input });
async function updated(input: object, credential?: string) {
  const { data, errors } = await update(input, credential);
  expect(errors).toBeUndefined();
  return data.updateSubscription.subscription;
}
async function previewed(input: object, credential = tenant.apiKey) {
  const { data, errors } = await ask(billgraph, credential, preview, { input });
  expect(errors).toBeUndefined();
  return data.previewSubscriptionChange;
}
const next = () => subscribers.pop()!;
async function tokenOf({ customerId }: Subscriber) {
  const input = { customerId, scopes: ['subscriptions:write', 'subscriptions:read', 'products:read'] };
  return (await ask(billgraph, tenant.apiKey, CreateCustomerTokenDocument, { input })).data.createCustomerToken.token;
}
async function itemsOf({ id }: Subscriber): Promise<{ id: string; price_id: string; quantity: number | null }[]> {
  return sql('select id, price_id, quantity from subscription_item where subscription_id = $1', [id]);
}
const invoicesOf = async ({ stripeId }: Subscriber) =>
  (await tenant.stripe.invoices.list({ subscription: stripeId })).data;

describe('answers', () => {
  it('what is billed is what was previewed, to the cent', async () => {
    const one = next();
    const { items } = await tenant.stripe.subscriptions.retrieve(one.stripeId);
    const { current_period_start: start, current_period_end: end } = items.data[0]!;
    // A third of the period is over, and some seconds.
    const date = start + Math.floor((end - start) / 3) + 7;
    const prorationDate = new Date(date * 1000).toISOString();
    const input = {
      subscriptionId: one.id,
      priceId: prices.team!.id,
      prorationBehavior: 'ALWAYS_INVOICE',
      prorationDate,
    };
    const rest = (amount: number) => Math.round((amount * (end - date)) / (end - start));
    const [credit, charge] = [-rest(2_900), rest(9_900)];
    const told = await previewed(input);
    expect(told).toMatchObject({
      dueNow: { amount: String(charge + credit), currency: 'USD' },
      prorationDate,
      nextBillingAt: new Date(end * 1000).toISOString(),
      invoice: {
        total: { amount: String(charge + credit) },
        lines: [
          { amount: { amount: String(credit) }, proration: true, periodStart: prorationDate },
          { amount: { amount: String(charge) }, proration: true, periodEnd: new Date(end * 1000).toISOString() },
        ],
      },
      nextInvoice: { total: { amount: '9900' }, lines: [{ proration: false, priceId: prices.team!.id }] },
    });
    expect(await invoicesOf(one)).toHaveLength(1);

    expect(await updated(input)).toMatchObject({ status: 'ACTIVE', quantity: 1, price: { id: prices.team!.id } });
    const [invoice] = await invoicesOf(one);
    expect(invoice).toMatchObject({ status: 'paid', total: charge + credit, amount_paid: charge + credit });
  });

  it('a quantity, by the next invoice; and nothing prorated where that is asked for', async () => {
    const one = next();
    const told = await previewed({ subscriptionId: one.id, quantity: 4 });
    expect(told).toMatchObject({ dueNow: { amount: '0' }, invoice: null, prorationDate: expect.any(String) });
    expect(told.nextInvoice.lines.filter(({ proration }: { proration: boolean }) => proration)).toHaveLength(2);
    expect(await updated({ subscriptionId: one.id, quantity: 4 })).toMatchObject({ quantity: 4 });
    expect(await updated({ subscriptionId: one.id, quantity: 2, prorationBehavior: 'NONE' })).toMatchObject({
      quantity: 2,
    });
    expect(await invoicesOf(one)).toHaveLength(1);
    const { data } = await tenant.stripe.invoiceItems.list({ customer: one.stripeCustomerId });
    expect(data).toHaveLength(2);
  });

  it('a price of another interval: a new period, billed at once', async () => {
    const one = next();
    const input = { subscriptionId: one.id, priceId: prices.yearly!.id };
    const told = await previewed(input);
    const subscription = await updated({ ...input, prorationDate: told.prorationDate });
    expect(subscription).toMatchObject({ price: { id: prices.yearly!.id } });
    const [invoice] = await invoicesOf(one);
    expect(String(invoice!.total)).toBe(told.dueNow.amount);
    expect(told.nextInvoice.total).toEqual({ amount: '29000' });
    expect(Date.parse(told.nextBillingAt) - Date.now()).toBeGreaterThan(360 * 86_400_000);
  });

  it('several items: one changes, one goes, one is added, the others stay', async () => {
    const [pro, seat, calls] = ['pro', 'seat', 'calls'].map((name) => prices[name]!.id);
    const known = await itemsOf(several);
    const itemOf = (price?: string) => known.find((item) => item.price_id === price)!.id;
    const items = [
      { itemId: itemOf(seat), quantity: 5 },
      { itemId: itemOf(calls), remove: true },
      { priceId: prices.team!.id, quantity: 2 },
    ];
    const subscription = await updated({ subscriptionId: several.id, items });
    const after = subscription.items.nodes.map(({ price, quantity }: any) => [price.id, quantity]);
    expect(after).toEqual(
      expect.arrayContaining([
        [pro, 1],
        [seat, 5],
        [prices.team!.id, 2],
      ]),
    );
    expect(after).toHaveLength(3);
    expect((await itemsOf(several)).find((item) => item.price_id === pro)!.id).toBe(itemOf(pro));
  });

  it('one change where the answer was lost, and where it was asked twice', async () => {
    const one = next();
    await misbehave(tenant, { kind: 'connection_lost_after', only: 'POST /v1/subscriptions/*', next: 10 });
    const input = {
      subscriptionId: one.id,
      priceId: prices.team!.id,
      prorationBehavior: 'ALWAYS_INVOICE',
      idempotencyKey: 'one',
    };
    expect((await update(input)).errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
    await behave(tenant);
    for (let time = 0; time < 2; time++) expect(await updated(input)).toMatchObject({ price: { id: prices.team!.id } });
    expect(await invoicesOf(one)).toHaveLength(2);
  });

  it('a customer: a plan of the project, billed at once by the date of the preview', async () => {
    const one = next();
    const token = await tokenOf(one);
    const input = { subscriptionId: one.id, plan: 'team' };
    const { dueNow, prorationDate } = await previewed(input, token);
    expect(await updated({ ...input, prorationDate }, token)).toMatchObject({ price: { id: prices.team!.id } });
    const [invoice] = await invoicesOf(one);
    expect(invoice).toMatchObject({ status: 'paid', amount_paid: Number(dueNow.amount) });
  });
});

describe('refuses', () => {
  it.each([
    ['a card that is declined', 'pm_card_chargeCustomerFail', 'CARD_DECLINED'],
    ["a card whose bank asks for the payer's consent", 'pm_card_authenticationRequired', 'CARD_DECLINED'],
    ['no card', null, 'CONFLICT'],
  ])('%s: nothing has changed, and nothing is owed', async (_name, card, code) => {
    const one = next();
    const { stripe } = tenant;
    const { invoice_settings } = (await stripe.customers.retrieve(one.stripeCustomerId)) as Stripe.Customer;
    if (card) await giveCard(tenant, one.stripeCustomerId, card);
    else await stripe.paymentMethods.detach(invoice_settings.default_payment_method as string);
    const input = { subscriptionId: one.id, priceId: prices.team!.id, prorationBehavior: 'ALWAYS_INVOICE' };
    expect(refusalsOf(await update(input))).toMatchObject([{ code }]);
    const now = await stripe.subscriptions.retrieve(one.stripeId);
    expect(now).toMatchObject({ status: 'active', items: { data: [{ price: { id: prices.pro!.stripeId } }] } });
    expect((await itemsOf(one))[0]).toMatchObject({ price_id: prices.pro!.id });
    expect(await invoicesOf(one)).toHaveLength(1);
    expect((await stripe.invoiceItems.list({ customer: one.stripeCustomerId, pending: true })).data).toEqual([]);
  });

  it('one that has ended, or waits for its first payment', async () => {
    const one = next();
    await tenant.stripe.subscriptions.cancel(one.stripeId);
    for (const { id: subscriptionId } of [one, waiting]) {
      const refused = [{ code: 'CONFLICT', field: 'subscriptionId' }];
      expect(refusalsOf(await update({ subscriptionId, quantity: 2 }))).toEqual(refused);
    }
  });

  it('a price that was archived in Stripe a moment ago', async () => {
    const { id: stripeId } = await createPrice(tenant);
    const id = newId('pri');
    await sql(
      `insert into price select (jsonb_populate_record(p, jsonb_build_object('id', $1::text, 'stripe_price_id', $2::text))).* from price p where id = $3`,
      [id, stripeId, prices.pro!.id],
    );
    await tenant.stripe.prices.update(stripeId, { active: false });
    const answer = await update({ subscriptionId: subscribers[0]!.id, priceId: id });
    expect(refusalsOf(answer)).toEqual([{ code: 'BAD_USER_INPUT', field: 'priceId' }]);
  });

  it.each<[string, () => object, string, string]>([
    ['nothing', () => ({}), 'BAD_USER_INPUT', 'items'],
    ['a price that is archived', () => ({ priceId: prices.archived!.id }), 'BAD_USER_INPUT', 'priceId'],
    ['a price that is paid once', () => ({ priceId: prices.once!.id }), 'BAD_USER_INPUT', 'priceId'],
    ['a price of another currency', () => ({ priceId: prices.euro!.id }), 'BAD_USER_INPUT', 'priceId'],
    ["another tenant's price", () => ({ priceId: foreignPrice }), 'NOT_FOUND', 'priceId'],
    ['a price that is none', () => ({ priceId: 'a\0b' }), 'NOT_FOUND', 'priceId'],
    ['a plan that is none', () => ({ plan: 'gold\0' }), 'NOT_FOUND', 'plan'],
    ['a price and a plan', () => ({ plan: 'pro', priceId: prices.pro!.id }), 'BAD_USER_INPUT', 'plan'],
    ['no unit', () => ({ quantity: 0 }), 'BAD_USER_INPUT', 'quantity'],
    ['too many units', () => ({ quantity: 1_000_000 }), 'BAD_USER_INPUT', 'quantity'],
    ['units of what is metered', () => ({ priceId: prices.calls!.id, quantity: 1 }), 'BAD_USER_INPUT', 'quantity'],
    [
      'items and a short form',
      () => ({ items: [{ priceId: prices.seat!.id }], quantity: 1 }),
      'BAD_USER_INPUT',
      'quantity',
    ],
    ['no items', () => ({ items: [] }), 'BAD_USER_INPUT', 'items'],
    ['an item without a price', () => ({ items: [{ quantity: 1 }] }), 'BAD_USER_INPUT', 'items.0.priceId'],
    ['an item that is not its own', () => ({ items: [{ itemId: newId('psi') }] }), 'NOT_FOUND', 'items.0.itemId'],
    ['no item to go', () => ({ items: [{ remove: true }] }), 'BAD_USER_INPUT', 'items.0.itemId'],
    [
      'the price of another item',
      () => ({ items: [{ priceId: prices.pro!.id }] }),
      'BAD_USER_INPUT',
      'items.0.priceId',
    ],
    [
      'too many items',
      () => ({ items: Array.from({ length: 20 }, () => ({ priceId: prices.seat!.id })) }),
      'BAD_USER_INPUT',
      'items',
    ],
    [
      'a date out of the period',
      () => ({ quantity: 2, prorationDate: '2020-01-01T00:00:00Z' }),
      'BAD_USER_INPUT',
      'prorationDate',
    ],
    [
      'a date where nothing is prorated',
      () => ({ quantity: 2, prorationBehavior: 'NONE', prorationDate: new Date() }),
      'BAD_USER_INPUT',
      'prorationDate',
    ],
  ])('%s, and the preview alike', async (_name, input, code, field) => {
    const asked = { subscriptionId: subscribers[0]!.id, ...input() };
    expect(refusalsOf(await update(asked))).toEqual([{ code, field }]);
    expect(refusalsOf(await ask(billgraph, tenant.apiKey, preview, { input: asked }))).toEqual([{ code, field }]);
  });

  it('a short form where there are several items, the last item to go, and an item twice', async () => {
    const bad = (field: string) => [{ code: 'BAD_USER_INPUT', field }];
    expect(refusalsOf(await update({ subscriptionId: several.id, quantity: 2 }))).toEqual(bad('items'));
    const { id: itemId } = (await itemsOf(subscribers[0]!))[0]!;
    const of = { subscriptionId: subscribers[0]!.id };
    expect(refusalsOf(await update({ ...of, items: [{ itemId, remove: true }] }))).toEqual(bad('items'));
    expect(refusalsOf(await update({ ...of, items: [{ itemId, remove: true, quantity: 1 }] }))).toEqual(
      bad('items.0.quantity'),
    );
    const twice = [
      { itemId, quantity: 2 },
      { itemId, quantity: 3 },
    ];
    expect(refusalsOf(await update({ ...of, items: twice }))).toEqual(bad('items.1.itemId'));
  });
});

describe('is not allowed', () => {
  it('a customer any other price, or any choice of how it is billed', async () => {
    const one = subscribers[0]!;
    const token = await tokenOf(one);
    const other = [prices.yearly!.id, prices.archived!.id, foreignPrice, newId('pri'), 'x'];
    const answers = await Promise.all(other.map((priceId) => update({ subscriptionId: one.id, priceId }, token)));
    expect(answers.flatMap(refusalsOf)).toEqual(other.map(() => ({ code: 'FORBIDDEN' })));
    expect(new Set(answers.map(({ errors }) => errors![0]!.message)).size).toBe(1);
    const of = { subscriptionId: one.id, plan: 'team' };
    expect(refusalsOf(await update({ ...of, prorationBehavior: 'NONE' }, token))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await update({ subscriptionId: one.id, items: [] }, token))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await update({ subscriptionId: several.id, plan: 'team' }, token))).toEqual([
      { code: 'NOT_FOUND', field: 'subscriptionId' },
    ]);
  });

  it('without a credential, or the scope', async () => {
    const input = { subscriptionId: subscribers[0]!.id, quantity: 2 };
    expect(refusalsOf(await update(input, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['subscriptions:read'] });
    expect(refusalsOf(await update(input, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
