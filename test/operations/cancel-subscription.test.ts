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
let price: string;
/** Nothing is told by webhooks any more: what an answer says, the call itself has brought. */
let subscribers: Subscriber[];
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  price = (await createPrice(tenant)).id;
  subscribers = await Promise.all(Array.from({ length: 10 }, () => subscribe(billgraph, tenant, [{ price }])));
  await silence(tenant);
});
afterAll(() => billgraph.close());

const document = `mutation ($input: CancelSubscriptionInput!) { cancelSubscription(input: $input) { subscription {
  id status hasAccess willRenew cancelAtPeriodEnd cancelAt canceledAt endedAt currentPeriodEnd
} } }`;
const cancel = (input: object, credential: string | null = tenant.apiKey) =>
  ask(billgraph, credential, document, { input });
const canceled = async (input: object, credential?: string) => {
  const { data, errors } = await cancel(input, credential);
  expect(errors).toBeUndefined();
  return data.cancelSubscription.subscription;
};
const next = () => subscribers.pop()!;
async function tokenOf({ customerId }: Subscriber, scopes = ['subscriptions:write', 'subscriptions:read']) {
  const input = { customerId, scopes };
  return (await ask(billgraph, tenant.apiKey, CreateCustomerTokenDocument, { input })).data.createCustomerToken.token;
}

describe('answers', () => {
  it('that it ends with its period, and why is kept in Stripe and in the log', async () => {
    const { id, stripeId } = next();
    const why = { feedback: 'TOO_EXPENSIVE', comment: ' Too much for me ' };
    const subscription = await canceled({ subscriptionId: id, ...why });
    expect(subscription).toMatchObject({
      status: 'ACTIVE',
      hasAccess: true,
      willRenew: false,
      cancelAtPeriodEnd: true,
    });
    expect(subscription.cancelAt).toBe(subscription.currentPeriodEnd);
    expect(await tenant.stripe.subscriptions.retrieve(stripeId)).toMatchObject({
      cancel_at_period_end: true,
      cancellation_details: { feedback: 'too_expensive', comment: 'Too much for me' },
    });
    const entries = await asOwner(billgraph.databaseUrl, `select * from audit_entry where subject_id = '${id}'`);
    expect(entries).toMatchObject([
      {
        mutation: 'cancelSubscription',
        after: { at: 'PERIOD_END', feedback: 'TOO_EXPENSIVE', comment: 'Too much for me' },
      },
    ]);
  });

  it('that it has ended, and credits and bills what was asked for', async () => {
    const { id, stripeId, stripeCustomerId } = next();
    const subscription = await canceled({ subscriptionId: id, at: 'NOW', prorate: true, invoiceNow: true });
    expect(subscription).toMatchObject({ status: 'CANCELED', hasAccess: false, endedAt: expect.any(String) });
    const { data } = await tenant.stripe.invoices.list({ subscription: stripeId });
    expect(data).toHaveLength(2);
    expect(data[0]!.total).toBeLessThan(0);
    expect(((await tenant.stripe.customers.retrieve(stripeCustomerId)) as { balance: number }).balance).toBe(
      data[0]!.total,
    );
  });

  it('that it has ended, and makes no invoice unless asked for', async () => {
    const { id, stripeId } = next();
    expect(await canceled({ subscriptionId: id, at: 'NOW' })).toMatchObject({ status: 'CANCELED' });
    expect((await tenant.stripe.invoices.list({ subscription: stripeId })).data).toHaveLength(1);
  });

  it('that it ends at a date; asked again, at another', async () => {
    const { id } = next();
    const cancelAt = '2031-01-02T03:04:05.000Z';
    const set = await canceled({ subscriptionId: id, at: 'DATE', cancelAt });
    expect(set).toMatchObject({ status: 'ACTIVE', cancelAt, cancelAtPeriodEnd: false, willRenew: true });
    expect(await canceled({ subscriptionId: id })).toMatchObject({ cancelAtPeriodEnd: true, willRenew: false });
  });

  it('what an earlier call did, where its answer was lost: it ended once', async () => {
    const { id, stripeId } = next();
    await misbehave(tenant, { kind: 'connection_lost_after', only: 'DELETE /v1/subscriptions/*', next: 10 });
    const input = { subscriptionId: id, at: 'NOW', idempotencyKey: 'lost' };
    expect((await cancel(input)).errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
    await behave(tenant);
    expect(await canceled(input)).toMatchObject({ status: 'CANCELED' });
    const events = await tenant.stripe.events.list({ type: 'customer.subscription.deleted' });
    expect(events.data.filter(({ data }) => (data.object as { id: string }).id === stripeId)).toHaveLength(1);
  });

  it('a customer, who ends his own with its period', async () => {
    const mine = next();
    const token = await tokenOf(mine);
    const subscription = await canceled({ subscriptionId: mine.id, feedback: 'UNUSED' }, token);
    expect(subscription).toMatchObject({ cancelAtPeriodEnd: true });
  });
});

describe('refuses', () => {
  it('one that has ended, also where Stripe knows it before we do', async () => {
    const { id, stripeId } = next();
    await tenant.stripe.subscriptions.cancel(stripeId);
    const late = await cancel({ subscriptionId: id });
    expect(refusalsOf(late)).toEqual([{ code: 'CONFLICT', field: 'subscriptionId' }]);
    expect(late.errors![0]!.message).toContain('has ended');
    await canceled({ subscriptionId: id, at: 'NOW' });
    expect(refusalsOf(await cancel({ subscriptionId: id }))).toEqual([{ code: 'CONFLICT', field: 'subscriptionId' }]);
  });

  it.each([
    ['a date without DATE', { cancelAt: '2031-01-01T00:00:00Z' }, 'cancelAt'],
    ['DATE without a date', { at: 'DATE' }, 'cancelAt'],
    ['a date that is over', { at: 'DATE', cancelAt: '2020-01-01T00:00:00Z' }, 'cancelAt'],
    ['a credit without NOW', { prorate: true }, 'prorate'],
    ['a last invoice without NOW', { at: 'DATE', cancelAt: '2031-01-01T00:00:00Z', invoiceNow: false }, 'invoiceNow'],
    ['an empty comment', { comment: ' ' }, 'comment'],
    ['a long comment', { comment: 'x'.repeat(501) }, 'comment'],
    ['a comment that is no text', { comment: 'a\0b' }, 'comment'],
  ])('%s', async (_name, input, field) => {
    const subscriptionId = subscribers[0]!.id;
    expect(refusalsOf(await cancel({ subscriptionId, ...input }))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });

  it("another customer's, another tenant's, a random and a malformed id alike", async () => {
    const other = await createTenant(billgraph);
    const foreign = await subscribe(billgraph, other, [{ price: (await createPrice(other)).id }]);
    const token = await tokenOf(subscribers[0]!);
    for (const subscriptionId of [foreign.id, 'ps_00000000000000000000000000', 'x', 'a\0b'])
      expect(refusalsOf(await cancel({ subscriptionId }))).toEqual([{ code: 'NOT_FOUND', field: 'subscriptionId' }]);
    const neighbour = await cancel({ subscriptionId: subscribers[1]!.id }, token);
    expect(refusalsOf(neighbour)).toEqual([{ code: 'NOT_FOUND', field: 'subscriptionId' }]);
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    const { id: subscriptionId } = subscribers[0]!;
    expect(refusalsOf(await cancel({ subscriptionId }, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['subscriptions:read'] });
    expect(refusalsOf(await cancel({ subscriptionId }, reader))).toEqual([{ code: 'FORBIDDEN' }]);
    const token = await tokenOf(subscribers[0]!, ['subscriptions:read']);
    expect(refusalsOf(await cancel({ subscriptionId }, token))).toEqual([{ code: 'FORBIDDEN' }]);
  });

  it('a customer now, or at a date', async () => {
    const { id: subscriptionId } = subscribers[0]!;
    const token = await tokenOf(subscribers[0]!);
    const dated = { at: 'DATE', cancelAt: '2031-01-01T00:00:00Z' };
    for (const input of [{ at: 'NOW' }, { at: 'NOW', prorate: true }, dated])
      expect(refusalsOf(await cancel({ subscriptionId, ...input }, token))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
