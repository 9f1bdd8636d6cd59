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

const document = `mutation ($input: ResumeCollectionInput!) { resumeCollection(input: $input) {
  subscription { status pauseBehavior pauseResumesAt }
} }`;
const resume = ({ id: subscriptionId }: { id: string }, credential: string | null = tenant.apiKey) =>
  ask(billgraph, credential, document, { input: { subscriptionId } });
async function tokenOf({ customerId }: Subscriber) {
  const input = { customerId, scopes: ['subscriptions:write', 'subscriptions:read'] };
  return (await ask(billgraph, tenant.apiKey, CreateCustomerTokenDocument, { input })).data.createCustomerToken.token;
}

describe('answers', () => {
  it('that it is collected again, and the same where nothing is paused', async () => {
    const { subscriptions } = tenant.stripe;
    await subscriptions.update(one.stripeId, { pause_collection: { behavior: 'void' } });
    for (let time = 0; time < 2; time++) {
      const { data, errors } = await resume(one);
      expect(errors).toBeUndefined();
      const { subscription } = data.resumeCollection;
      expect(subscription).toEqual({ status: 'ACTIVE', pauseBehavior: null, pauseResumesAt: null });
      expect((await subscriptions.retrieve(one.stripeId)).pause_collection).toBeNull();
    }
  });
});

describe('refuses', () => {
  it('one that has ended, and one that is not there', async () => {
    expect(refusalsOf(await resume(gone))).toEqual([{ code: 'CONFLICT', field: 'subscriptionId' }]);
    for (const id of ['ps_00000000000000000000000000', 'x'])
      expect(refusalsOf(await resume({ id }))).toEqual([{ code: 'NOT_FOUND', field: 'subscriptionId' }]);
  });
});

describe('is not allowed', () => {
  it('to a customer, without a credential, or without the scope', async () => {
    expect(refusalsOf(await resume(one, await tokenOf(one)))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await resume(one, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['subscriptions:read'] });
    expect(refusalsOf(await resume(one, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
