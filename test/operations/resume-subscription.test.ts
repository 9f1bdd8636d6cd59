import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerTokenDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { silence } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { giveCard, type Subscriber, subscribe } from '../rig/subscriptions.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let one: Subscriber;
let dated: Subscriber;
let gone: Subscriber;
let paused: Subscriber;
let broke: Subscriber;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  const price = (await createPrice(tenant)).id;
  const made = await Promise.all(Array.from({ length: 5 }, () => subscribe(billgraph, tenant, [{ price }])));
  [one, dated, gone, paused, broke] = made as [Subscriber, Subscriber, Subscriber, Subscriber, Subscriber];
  for (const { stripeId } of [paused, broke])
    await tenant.stripe.subscriptions.pause(stripeId, { bill_for: { unused_time_from: { type: 'none' } } });
  await giveCard(tenant, broke.stripeCustomerId, 'pm_card_chargeCustomerFail');
  await tenant.stripe.subscriptions.cancel(gone.stripeId);
  await billgraph.settled();
  await silence(tenant);
});
afterAll(() => billgraph.close());

const selection = 'subscription { status hasAccess willRenew cancelAtPeriodEnd cancelAt }';
type Mutation = 'cancelSubscription' | 'resumeSubscription';
function change(
  name: Mutation,
  { id: subscriptionId }: { id: string },
  input: object = {},
  credential = tenant.apiKey,
) {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`;
  return ask(billgraph, credential, document, { input: { subscriptionId, ...input } });
}
async function changed(...args: Parameters<typeof change>) {
  const { data, errors } = await change(...args);
  expect(errors).toBeUndefined();
  return data[args[0]].subscription;
}
async function tokenOf({ customerId }: Subscriber) {
  const input = { customerId, scopes: ['subscriptions:write', 'subscriptions:read'] };
  return (await ask(billgraph, tenant.apiKey, CreateCustomerTokenDocument, { input })).data.createCustomerToken.token;
}

describe('answers', () => {
  it('a subscription that renews again, whatever end was set; to its customer too', async () => {
    const goesOn = { status: 'ACTIVE', willRenew: true, cancelAtPeriodEnd: false, cancelAt: null };
    await changed('cancelSubscription', one);
    expect(await changed('resumeSubscription', one, {}, await tokenOf(one))).toMatchObject(goesOn);
    await changed('cancelSubscription', dated, { at: 'DATE', cancelAt: '2031-01-01T00:00:00Z' });
    expect(await changed('resumeSubscription', dated)).toMatchObject(goesOn);
  });

  it('one that nobody ended, as it is', async () => {
    expect(await changed('resumeSubscription', dated)).toMatchObject({ status: 'ACTIVE', willRenew: true });
  });

  it('a paused one with its access, once it is paid; and one that cannot be paid as it is', async () => {
    expect(await changed('resumeSubscription', paused)).toMatchObject({ status: 'ACTIVE', hasAccess: true });
    expect(await changed('resumeSubscription', broke)).toMatchObject({ status: 'PAUSED', hasAccess: false });
  });
});

describe('refuses', () => {
  it('one that has ended, and one that is not there', async () => {
    const resume = (which: { id: string }) => change('resumeSubscription', which);
    expect(refusalsOf(await resume(gone))).toEqual([{ code: 'CONFLICT', field: 'subscriptionId' }]);
    for (const id of ['ps_00000000000000000000000000', 'x'])
      expect(refusalsOf(await resume({ id }))).toEqual([{ code: 'NOT_FOUND', field: 'subscriptionId' }]);
  });
});

describe('is not allowed', () => {
  it('a customer to resume what is not his', async () => {
    const token = await tokenOf(one);
    expect(refusalsOf(await change('resumeSubscription', dated, {}, token))).toEqual([
      { code: 'NOT_FOUND', field: 'subscriptionId' },
    ]);
  });

  it('a customer to take back the date that the seller has set, or to bring it forward', async () => {
    const at = { at: 'DATE', cancelAt: '2031-01-01T00:00:00.000Z' };
    await changed('cancelSubscription', dated, at);
    const token = await tokenOf(dated);
    for (const name of ['resumeSubscription', 'cancelSubscription'] as const)
      expect(refusalsOf(await change(name, dated, {}, token))).toEqual([{ code: 'FORBIDDEN' }]);
    const { cancel_at } = await tenant.stripe.subscriptions.retrieve(dated.stripeId);
    expect(cancel_at).toBe(Date.parse(at.cancelAt) / 1000);
  });

  it('without the scope', async () => {
    const reader = await tenant.newApiKey({ scopes: ['subscriptions:read'] });
    expect(refusalsOf(await change('resumeSubscription', one, {}, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
