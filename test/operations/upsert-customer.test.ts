import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { behave, misbehave } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

const document =
  'mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { customer { id email name externalId stripeCustomerId } } }';
const upsert = (input: object, credential: string | null = tenant.apiKey) =>
  ask(billgraph, credential, document, { input });
const inStripe = async (email: string) => (await tenant.stripe.customers.list({ email })).data;

describe('answers', () => {
  it('a new customer, and the same one changed afterwards', async () => {
    const first = await upsert({ externalId: 'u_1', email: 'ada@example.com', name: 'Ada' });
    expect(first.errors).toBeUndefined();
    const { customer } = first.data.upsertCustomer;
    const { data } = await upsert({ externalId: 'u_1', name: 'Countess' });
    expect(data.upsertCustomer.customer).toEqual({ ...customer, name: 'Countess' });
    expect(await tenant.stripe.customers.retrieve(customer.stripeCustomerId)).toMatchObject({ name: 'Countess' });
  });

  it('one customer where several ask at once, in Stripe too', async () => {
    const input = { externalId: 'race', email: 'race@example.com' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => upsert(input)));
    const ids = new Set(answers.flatMap(({ data }) => data?.upsertCustomer.customer.id ?? []));
    expect(ids.size).toBe(1);
    for (const { extensions } of answers.flatMap(({ errors = [] }) => errors))
      expect(extensions.code).toBeOneOf(['CONFLICT', 'STRIPE_ERROR']);
    expect(await inStripe('race@example.com')).toHaveLength(1);
  });

  it('the customer that an earlier call began, where its answer was lost', async () => {
    const input = { externalId: 'lost', email: 'lost@example.com' };
    await misbehave(tenant, { kind: 'connection_lost_after', only: 'POST /v1/customers', next: 10 });
    expect((await upsert(input)).errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
    await behave(tenant);
    const { data, errors } = await upsert(input);
    expect(errors).toBeUndefined();
    expect(await inStripe('lost@example.com')).toMatchObject([{ id: data.upsertCustomer.customer.stripeCustomerId }]);
  });
});

describe('refuses', () => {
  it('a new customer without an email', async () => {
    expect(refusalsOf(await upsert({ externalId: 'nobody' }))).toEqual([{ code: 'BAD_USER_INPUT', field: 'email' }]);
  });

  it('an email that another customer has', async () => {
    await upsert({ externalId: 'one', email: 'one@example.com' });
    expect(refusalsOf(await upsert({ externalId: 'two', email: 'one@example.com' }))).toEqual([
      { code: 'CONFLICT', field: 'email' },
    ]);
    expect(await inStripe('one@example.com')).toHaveLength(1);
  });

  it('an external id that is none', async () => {
    const answer = await upsert({ externalId: ' ', email: 'blank@example.com' });
    expect(refusalsOf(answer)).toEqual([{ code: 'BAD_USER_INPUT', field: 'externalId' }]);
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    const input = { externalId: 'u_9', email: 'nine@example.com' };
    expect(refusalsOf(await upsert(input, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['customers:read'] });
    expect(refusalsOf(await upsert(input, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
