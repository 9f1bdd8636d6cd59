import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerTokenDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { silence } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { type Subscriber, subscribe } from '../rig/subscriptions.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let one: Subscriber;
let gone: Subscriber;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  const items = [{ price: (await createPrice(tenant)).id }];
  one = await subscribe(billgraph, tenant, items);
  gone = await subscribe(billgraph, tenant, items);
  await tenant.stripe.subscriptions.cancel(gone.stripeId);
  await billgraph.settled();
  await silence(tenant);
});
afterAll(() => billgraph.close());

const document = `mutation ($input: PauseCollectionInput!) { pauseCollection(input: $input) {
  subscription { status hasAccess pauseBehavior pauseResumesAt }
} }`;
const pause = ({ id: subscriptionId }: { id: string }, input: object, credential: string | null = tenant.apiKey) =>
  ask(billgraph, credential, document, { input: { subscriptionId, ...input } });
async function paused(...args: Parameters<typeof pause>) {
  const { data, errors } = await pause(...args);
  expect(errors).toBeUndefined();
  return data.pauseCollection.subscription;
}
async function tokenOf({ customerId }: Subscriber) {
  const input = { customerId, scopes: ['subscriptions:write', 'subscriptions:read'] };
  return (await ask(billgraph, tenant.apiKey, CreateCustomerTokenDocument, { input })).data.createCustomerToken.token;
}

describe('answers', () => {
  it('that nothing is collected until a date, with status and access as they were', async () => {
    const pauseResumesAt = '2031-01-01T00:00:00.000Z';
    const until = await paused(one, { behavior: 'KEEP_AS_DRAFT', resumesAt: pauseResumesAt });
    expect(until).toEqual({ status: 'ACTIVE', hasAccess: true, pauseBehavior: 'KEEP_AS_DRAFT', pauseResumesAt });
    expect((await tenant.stripe.subscriptions.retrieve(one.stripeId)).pause_collection).toEqual({
      behavior: 'keep_as_draft',
      resumes_at: Date.parse(pauseResumesAt) / 1000,
    });
  });

  it.each(['MARK_UNCOLLECTIBLE', 'VOID'])('asked again: %s, until somebody resumes it', async (behavior) => {
    expect(await paused(one, { behavior })).toMatchObject({ pauseBehavior: behavior, pauseResumesAt: null });
  });
});

describe('refuses', () => {
  it('one that has ended, and one that is not there', async () => {
    const input = { behavior: 'VOID' };
    expect(refusalsOf(await pause(gone, input))).toEqual([{ code: 'CONFLICT', field: 'subscriptionId' }]);
    for (const id of ['ps_00000000000000000000000000', 'x'])
      expect(refusalsOf(await pause({ id }, input))).toEqual([{ code: 'NOT_FOUND', field: 'subscriptionId' }]);
  });

  it('a pause that is over before it begins', async () => {
    const input = { behavior: 'VOID', resumesAt: '2020-01-01T00:00:00Z' };
    expect(refusalsOf(await pause(one, input))).toEqual([{ code: 'BAD_USER_INPUT', field: 'resumesAt' }]);
  });
});

describe('is not allowed', () => {
  it('to a customer, without a credential, or without the scope', async () => {
    const input = { behavior: 'VOID' };
    expect(refusalsOf(await pause(one, input, await tokenOf(one)))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await pause(one, input, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['subscriptions:read'] });
    expect(refusalsOf(await pause(one, input, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
