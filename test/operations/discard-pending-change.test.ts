import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerTokenDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { asOwner } from '../rig/database.ts';
import { behave, misbehave, silence } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { type Subscriber, subscribe } from '../rig/subscriptions.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let one: Subscriber;
let foreign: Subscriber;
let gone: Subscriber;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  const items = [{ price: (await createPrice(tenant)).id }];
  [one, foreign, gone] = [
    await subscribe(billgraph, tenant, items),
    await subscribe(billgraph, tenant, items),
    await subscribe(billgraph, tenant, items),
  ];
  await tenant.stripe.subscriptions.cancel(gone.stripeId);
  await billgraph.settled();
  await silence(tenant);
});
afterAll(() => billgraph.close());

const selection = 'subscription { quantity pendingChange { quantity } }';
const document = `mutation ($input: DiscardPendingChangeInput!) { discardPendingChange(input: $input) { ${selection} } }`;
const discard = (
  { id: subscriptionId }: { id: string },
  credential: string | null = tenant.apiKey,
  more: object = {},
) => ask(billgraph, credential, document, { input: { subscriptionId, ...more } });
async function setLater(quantity: number) {
  const update = `mutation ($input: UpdateSubscriptionInput!) { updateSubscription(input: $input) { ${selection} } }`;
  const input = { subscriptionId: one.id, at: 'PERIOD_END', quantity };
  const { data, errors } = await ask(billgraph, tenant.apiKey, update, { input });
  expect(errors).toBeUndefined();
  expect(data.updateSubscription.subscription).toEqual({ quantity: 1, pendingChange: { quantity } });
}
async function tokenOf({ customerId }: Subscriber) {
  const input = { customerId, scopes: ['subscriptions:write', 'subscriptions:read'] };
  return (await ask(billgraph, tenant.apiKey, CreateCustomerTokenDocument, { input })).data.createCustomerToken.token;
}
const scheduleOf = async ({ stripeId }: Subscriber) => (await tenant.stripe.subscriptions.retrieve(stripeId)).schedule;
const asItIs = { discardPendingChange: { subscription: { quantity: 1, pendingChange: null } } };
const conflict = [{ code: 'CONFLICT', field: 'subscriptionId' }];

describe('answers', () => {
  it('the subscription as it is, in Stripe too; and then there is nothing to take back', async () => {
    await setLater(7);
    expect(await discard(one)).toMatchObject({ errors: undefined, data: asItIs });
    expect(await scheduleOf(one)).toBeNull();
    expect(refusalsOf(await discard(one))).toEqual(conflict);
  });

  it('a customer, whose own it is', async () => {
    await setLater(6);
    expect((await discard(one, await tokenOf(one))).data).toEqual(asItIs);
  });

  it('what an earlier call did, where its answer was lost', async () => {
    await setLater(5);
    await misbehave(tenant, { kind: 'connection_lost_after', only: 'POST /v1/subscription_schedules/*', next: 4 });
    const key = { idempotencyKey: 'lost' };
    expect(refusalsOf(await discard(one, tenant.apiKey, key))).toMatchObject([{ code: 'STRIPE_ERROR' }]);
    await behave(tenant);
    expect((await discard(one, tenant.apiKey, key)).data).toEqual(asItIs);
  });
});

describe('refuses', () => {
  it('one that has ended, and one under a schedule that was made in Stripe', async () => {
    const { id } = await tenant.stripe.subscriptionSchedules.create({ from_subscription: foreign.stripeId });
    const put = 'update subscription set stripe_schedule_id = $1 where id = $2';
    await asOwner(billgraph.databaseUrl, put, [id, foreign.id]);
    for (const which of [gone, foreign]) expect(refusalsOf(await discard(which))).toEqual(conflict);
    expect(await scheduleOf(foreign)).toBe(id);
  });

  it("another customer's, a random and a malformed id alike", async () => {
    const nobodys = [{ code: 'NOT_FOUND', field: 'subscriptionId' }];
    expect(refusalsOf(await discard(one, await tokenOf(foreign)))).toEqual(nobodys);
    for (const id of ['ps_00000000000000000000000000', 'a\0b'])
      expect(refusalsOf(await discard({ id }))).toEqual(nobodys);
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    expect(refusalsOf(await discard(one, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['subscriptions:read'] });
    expect(refusalsOf(await discard(one, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
