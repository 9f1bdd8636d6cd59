import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerTokenDocument } from '../../src/client/operations.generated.ts';
import { newId } from '../../src/ids.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { asOwner } from '../rig/database.ts';
import { behave, misbehave, silence } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { type Subscriber, subscribe } from '../rig/subscriptions.ts';

/** Changes at the end of the period: set, replaced, taken back. That they come about is told by journeys/downgrade.test.ts. */

let billgraph: Billgraph;
let tenant: TestTenant;
let subscribers: Subscriber[];
const prices = { pro: '', small: '' };
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  const [pro, small] = [await createPrice(tenant), await createPrice(tenant, { unitAmount: 900 })];
  subscribers = await Promise.all(Array.from({ length: 16 }, () => subscribe(billgraph, tenant, [{ price: pro.id }])));
  for (const [name, { id }] of Object.entries({ pro, small }))
    prices[name as 'pro'] = (await sql('select id from price where stripe_price_id = $1', [id]))[0].id;
  await sql(
    `insert into plan (id, project_id, environment, name, price_id, created_at) values ($1, $2, 'TEST', 'small', $3, now())`,
    [newId('plan'), tenant.projectId, prices.small],
  );
  await silence(tenant);
});
afterAll(() => billgraph.close());

const sql = (text: string, values: unknown[] = []) => asOwner(billgraph.databaseUrl, text, values);
const selection =
  'subscription { status price { id } quantity cancelAtPeriodEnd currentPeriodEnd pendingChange { appliesAt price { id } quantity items { priceId quantity } } }';
const documentOf = (name: string) =>
  `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${selection} } }`;
type Mutation = 'updateSubscription' | 'discardPendingChange' | 'cancelSubscription' | 'resumeSubscription';
const put = (name: Mutation, { id }: { id: string }, input: object = {}, credential = tenant.apiKey) =>
  ask(billgraph, credential, documentOf(name), { input: { subscriptionId: id, ...input } });
async function done(...args: Parameters<typeof put>) {
  const { data, errors } = await put(...args);
  expect(errors).toBeUndefined();
  return data[args[0]].subscription;
}
const later = { at: 'PERIOD_END' };
const set = (one: Subscriber, input: object = {}, credential?: string) =>
  done('updateSubscription', one, { ...later, priceId: prices.small, ...input }, credential);
const next = () => subscribers.pop()!;
const scheduleOf = async ({ stripeId }: Subscriber) =>
  (await tenant.stripe.subscriptions.retrieve(stripeId, { expand: ['schedule'] })).schedule as
    | import('stripe').default.SubscriptionSchedule
    | null;

describe('answers', () => {
  it('what is going to change, and when; nothing has changed yet, and Stripe knows', async () => {
    const one = next();
    const subscription = await set(one, { quantity: 2 });
    expect(subscription).toMatchObject({
      price: { id: prices.pro },
      quantity: 1,
      pendingChange: {
        appliesAt: subscription.currentPeriodEnd,
        price: { id: prices.small },
        quantity: 2,
        items: [{ priceId: prices.small, quantity: 2 }],
      },
    });
    const end = Date.parse(subscription.currentPeriodEnd) / 1000;
    expect(await scheduleOf(one)).toMatchObject({
      status: 'active',
      end_behavior: 'release',
      phases: [
        { end_date: end },
        { start_date: end, end_date: end + 86_400, proration_behavior: 'none', items: [{ quantity: 2 }] },
      ],
    });
    expect((await tenant.stripe.invoices.list({ subscription: one.stripeId })).data).toHaveLength(1);
  });

  it('with the discounts of the subscription, and what is noted of an item, also where its price changes', async () => {
    const one = next();
    const { stripe } = tenant;
    const { id: coupon } = await stripe.coupons.create({ percent_off: 10, duration: 'forever' });
    const { items, discounts } = await stripe.subscriptions.update(one.stripeId, { discounts: [{ coupon }] });
    await stripe.subscriptionItems.update(items.data[0]!.id, { metadata: { desk: '7' } });
    await set(one);
    const kept = { discounts: [{ discount: discounts[0] }], items: [{ metadata: { desk: '7' } }] };
    expect((await scheduleOf(one))!.phases).toMatchObject([kept, kept]);
  });

  it('another change in its place; none, where it is taken back', async () => {
    const one = next();
    await set(one);
    const { id } = (await scheduleOf(one))!;
    expect((await set(one, { priceId: undefined, quantity: 7 })).pendingChange).toMatchObject({
      price: { id: prices.pro },
      quantity: 7,
    });
    expect((await scheduleOf(one))!.id).toBe(id);
    expect((await done('discardPendingChange', one)).pendingChange).toBeNull();
    expect(await scheduleOf(one)).toBeNull();
    expect(refusalsOf(await put('discardPendingChange', one))).toEqual([{ code: 'CONFLICT', field: 'subscriptionId' }]);
    expect((await set(one)).pendingChange).toMatchObject({ price: { id: prices.small } });
  });

  it('a change at once, or an end, in its place', async () => {
    const [one, other, third] = [next(), next(), next()];
    await set(one);
    const now = await done('updateSubscription', one, { quantity: 3 });
    expect(now).toMatchObject({ price: { id: prices.pro }, quantity: 3, pendingChange: null });
    await set(other);
    expect(await done('resumeSubscription', other)).toMatchObject({ pendingChange: { quantity: 1 } });
    expect(await done('cancelSubscription', other)).toMatchObject({ cancelAtPeriodEnd: true, pendingChange: null });
    await set(third);
    const ended = await done('cancelSubscription', third, { at: 'NOW' });
    expect(ended).toMatchObject({ status: 'CANCELED', pendingChange: null });
  });

  it('one change, where an answer of Stripe was lost on the way', async () => {
    for (const only of ['POST /v1/subscription_schedules', 'POST /v1/subscription_schedules/*']) {
      const one = next();
      await misbehave(tenant, { kind: 'connection_lost_after', only, next: 10 });
      const input = { ...later, priceId: prices.small, idempotencyKey: `lost ${one.id}` };
      const lost = await put('updateSubscription', one, input);
      expect(lost.errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
      await behave(tenant);
      expect((await done('updateSubscription', one, input)).pendingChange).toMatchObject({ quantity: 1 });
      const made = (await tenant.stripe.subscriptionSchedules.list({ customer: one.stripeCustomerId })).data;
      expect(made).toMatchObject([{ status: 'active', phases: [{}, {}] }]);
    }
  });

  it('a customer, who changes to a plan of the project', async () => {
    const one = next();
    const of = { customerId: one.customerId, scopes: ['subscriptions:write', 'subscriptions:read', 'products:read'] };
    const { data } = await ask(billgraph, tenant.apiKey, CreateCustomerTokenDocument, { input: of });
    const { token } = data.createCustomerToken;
    const subscription = await set(one, { priceId: undefined, plan: 'small' }, token);
    expect(subscription.pendingChange).toMatchObject({ price: { id: prices.small } });
    expect((await done('discardPendingChange', one, {}, token)).pendingChange).toBeNull();
    const outside = await put('updateSubscription', one, { ...later, priceId: prices.pro }, token);
    expect(refusalsOf(outside)).toEqual([{ code: 'FORBIDDEN' }]);
  });
});

describe('refuses', () => {
  const conflict = [{ code: 'CONFLICT', field: 'subscriptionId' }];

  it('one that is set to end, and one under a schedule that was made in Stripe', async () => {
    const one = next();
    await done('cancelSubscription', one);
    expect(refusalsOf(await put('updateSubscription', one, { ...later, quantity: 2 }))).toEqual(conflict);
    const foreign = next();
    const { id } = await tenant.stripe.subscriptionSchedules.create({ from_subscription: foreign.stripeId });
    await sql('update subscription set stripe_schedule_id = $1 where id = $2', [id, foreign.id]);
    for (const answer of [
      await put('updateSubscription', foreign, { ...later, quantity: 2 }),
      await put('updateSubscription', foreign, { quantity: 2 }),
      await put('cancelSubscription', foreign),
      await put('discardPendingChange', foreign),
    ])
      expect(refusalsOf(answer)).toEqual(conflict);
    expect(await scheduleOf(foreign)).toMatchObject({ status: 'active' });
  });

  it('an end, and says that what was pending is taken back: Stripe sets no end beside it', async () => {
    const one = next();
    await set(one);
    await misbehave(tenant, { kind: 'refusal', only: 'POST /v1/subscriptions/*', next: 1 });
    const input = { idempotencyKey: `refused ${one.id}` };
    const refused = await put('cancelSubscription', one, input);
    expect(refused.errors).toMatchObject([
      { extensions: { code: 'STRIPE_ERROR' }, message: expect.stringContaining('is taken back') },
    ]);
    const read = `{ subscription(id: "${one.id}") { cancelAtPeriodEnd pendingChange { appliesAt } } }`;
    const { data } = await ask(billgraph, tenant.apiKey, read);
    expect(data.subscription).toEqual({ cancelAtPeriodEnd: false, pendingChange: null });
    const told = `select after from audit_entry where subject_id = $1 and mutation = 'cancelSubscription'`;
    expect(await sql(told, [one.id])).toEqual([{ after: { pendingChange: null } }]);
    expect(await done('cancelSubscription', one, input)).toMatchObject({ cancelAtPeriodEnd: true });
  });

  it('half a change, and makes the other half with the same key', async () => {
    const [one, other] = [next(), next()];
    const second = { kind: 'refusal', only: 'POST /v1/subscription_schedules/*' };
    await set(one);
    await misbehave(tenant, { ...second, next: 1 });
    const more = { items: [{ priceId: prices.small }], idempotencyKey: `half ${one.id}` };
    expect(refusalsOf(await put('updateSubscription', one, more))).toMatchObject([{ code: 'STRIPE_ERROR' }]);
    expect(await done('updateSubscription', one, more)).toMatchObject({ pendingChange: null });
    expect((await tenant.stripe.subscriptions.retrieve(one.stripeId)).items.data).toHaveLength(2);

    await misbehave(tenant, { ...second, next: 2 });
    const smaller = { ...later, priceId: prices.small, idempotencyKey: `half ${other.id}` };
    expect(refusalsOf(await put('updateSubscription', other, smaller))).toMatchObject([{ code: 'STRIPE_ERROR' }]);
    expect((await done('updateSubscription', other, smaller)).pendingChange).toMatchObject({ quantity: 1 });
  });

  it('what Stripe refuses, and leaves no schedule behind', async () => {
    const one = next();
    const id = newId('pri');
    const archived = await createPrice(tenant);
    await sql(
      `insert into price select (jsonb_populate_record(p, jsonb_build_object('id', $1::text, 'stripe_price_id', $2::text))).* from price p where id = $3`,
      [id, archived.id, prices.pro],
    );
    await tenant.stripe.prices.update(archived.id, { active: false });
    const answer = await put('updateSubscription', one, { ...later, priceId: id });
    expect(refusalsOf(answer)).toEqual([{ code: 'BAD_USER_INPUT', field: 'priceId' }]);
    const [{ id: itemId }] = await sql('select id from subscription_item where subscription_id = $1', [one.id]);
    const items = [{ itemId, quantity: 2 }, { priceId: prices.small }, { priceId: id }];
    expect(refusalsOf(await put('updateSubscription', one, { ...later, items }))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'items.2.priceId' },
    ]);
    expect(await scheduleOf(one)).toBeNull();
    expect(await sql('select 1 from pending_change where subscription_id = $1', [one.id])).toEqual([]);
  });

  it.each([
    ['prorationBehavior', 'NONE'],
    ['prorationDate', '2031-01-01T00:00:00Z'],
  ])('%s, since nothing is prorated', async (field, value) => {
    const answer = await put('updateSubscription', subscribers[0]!, { ...later, quantity: 2, [field]: value });
    expect(refusalsOf(answer)).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });
});
