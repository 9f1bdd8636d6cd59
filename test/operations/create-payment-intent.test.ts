import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import { tablesOf } from '../matrix/canary-values.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { behave, misbehave, silence } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let foreign: TestTenant;
let ada: { id: string; stripeCustomerId: string };
beforeAll(async () => {
  billgraph = await startBillgraph();
  [tenant, foreign] = await Promise.all([createTenant(billgraph), createTenant(billgraph)]);
  ada = await customerOf(tenant);
});
afterAll(() => billgraph.close());

const customerOf = async ({ apiKey }: TestTenant) => {
  const { data } = await ask(billgraph, apiKey, CreateCustomerDocument, { input: { email: 'ada@example.com' } });
  return data.createCustomer.customer;
};
const document = `mutation ($input: CreatePaymentIntentInput!) { createPaymentIntent(input: $input) { clientSecret payment {
  id status stripeStatus amount { amount currency } amountReceived { amount } receiptEmail description metadata customer { id }
  stripePaymentIntentId latestCharge { id } } } }`;
const create = (input: object, credential: string | null = tenant.apiKey) =>
  ask(billgraph, credential, document, { input: { amount: 2_000, currency: 'USD', ...input } });
const made = async (input: object, credential?: string) => {
  const { data, errors } = await create(input, credential);
  expect(errors).toBeUndefined();
  return data.createPaymentIntent;
};
const pay = (stripePaymentIntentId: string, of = tenant) =>
  of.stripe.paymentIntents.confirm(stripePaymentIntentId, {
    payment_method: 'pm_card_visa',
    return_url: 'https://example.com/back',
  });

describe('answers', () => {
  it('a payment that waits for its payer, before any webhook, and then the same one paid', async () => {
    const { payment, clientSecret } = await made({
      customerId: ada.id,
      receiptEmail: 'Receipts@example.com',
      description: 'Ten credits',
      metadata: { order: '7' },
    });
    expect(payment).toMatchObject({
      id: expect.stringMatching(/^pay_/),
      status: 'REQUIRES_PAYMENT_METHOD',
      amount: { amount: '2000', currency: 'USD' },
      amountReceived: { amount: '0' },
      receiptEmail: 'receipts@example.com',
      description: 'Ten credits',
      metadata: { order: '7' },
      customer: { id: ada.id },
      latestCharge: null,
    });
    const { stripePaymentIntentId: id } = payment;
    expect(clientSecret).toMatch(new RegExp(`^${id}_secret_`));
    const { metadata, client_secret } = await tenant.stripe.paymentIntents.retrieve(id);
    expect(metadata).toMatchObject({ order: '7', billgraph_project_id: tenant.projectId });
    expect(client_secret).toBe(clientSecret);

    await pay(id);
    await billgraph.settled();
    const { data } = await ask(billgraph, tenant.apiKey, `{ paymentIntent(id: "${id}") { id status } }`);
    expect(data.paymentIntent).toEqual({ id: payment.id, status: 'SUCCEEDED' });
  });

  it("a guest's, which its metadata brings to the project", async () => {
    const { payment } = await made({ currency: 'JPY', amount: '5000' });
    expect(payment).toMatchObject({ customer: null, amount: { amount: '5000', currency: 'JPY' } });
    await pay(payment.stripePaymentIntentId);
    await billgraph.settled();
    const { data } = await ask(billgraph, tenant.apiKey, `{ payment(id: "${payment.id}") { status customer { id } } }`);
    expect(data.payment).toEqual({ status: 'SUCCEEDED', customer: null });
  });

  it('one payment and the same secret for one key; no secret is anywhere in the clear, webhooks included', async () => {
    const [one, again] = [await made({ idempotencyKey: 'pay-1' }), await made({ idempotencyKey: 'pay-1' })];
    expect(again).toEqual(one);
    const other = await made({});
    await pay(other.payment.stripePaymentIntentId);
    await tenant.stripe.paymentIntents.cancel(one.payment.stripePaymentIntentId);
    await billgraph.settled();
    const dump = JSON.stringify([...(await tablesOf(billgraph.databaseUrl))]) + billgraph.logged.join();
    for (const { payment, clientSecret } of [one, other]) {
      expect(dump).toContain(`${payment.stripePaymentIntentId}_secret`);
      expect(dump).not.toContain(clientSecret);
    }
  });

  it('Stripe answers too late: a retryable error, and then there is one payment, with its row', async () => {
    const silent = await createTenant(billgraph);
    await silence(silent);
    await misbehave(silent, { kind: 'connection_lost_after', next: 4, only: 'POST /v1/payment_intents' });
    const lost = await create({ idempotencyKey: 'lost-1' }, silent.apiKey);
    expect(lost.errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
    await behave(silent);
    const { payment } = await made({ idempotencyKey: 'lost-1' }, silent.apiKey);
    const { data } = await silent.stripe.paymentIntents.list();
    expect(data.map(({ id }) => id)).toEqual([payment.stripePaymentIntentId]);
    const list = await ask(billgraph, silent.apiKey, '{ payments { nodes { id } } }');
    expect(list.data.payments.nodes).toEqual([{ id: payment.id }]);
  });
});

it.each([
  ['JPY', 501, '¥501'],
  ['ISK', 50_000, 'ISK 500.00'],
  ['UGX', 300_100, 'UGX 3,001.00'],
  ['KWD', 1_010, 'KWD 1.010'],
])('counts in minor units of Stripe: %s, %s of which are %s', async (currency, amount, formatted) => {
  const document = `mutation ($input: CreatePaymentIntentInput!) { createPaymentIntent(input: $input) {
    payment { stripePaymentIntentId amount { formatted } } } }`;
  const { data, errors } = await ask(billgraph, tenant.apiKey, document, { input: { amount, currency } });
  expect(errors).toBeUndefined();
  const { payment } = data.createPaymentIntent;
  expect(payment.amount.formatted.replaceAll('\u00a0', ' ')).toBe(formatted);
  const made = await tenant.stripe.paymentIntents.retrieve(payment.stripePaymentIntentId);
  expect(made).toMatchObject({ amount, currency: currency.toLowerCase() });
});

describe('refuses', () => {
  it.each<[object, string]>([
    [{ amount: 0 }, 'amount'],
    [{ amount: -1 }, 'amount'],
    [{ amount: 100_000_000 }, 'amount'],
    [{ amount: '9223372036854775807' }, 'amount'],
    // The least is Stripe's to say.
    [{ amount: 49 }, 'amount'],
    [{ amount: 1_005, currency: 'KWD' }, 'amount'],
    [{ amount: 50_050, currency: 'ISK' }, 'amount'],
    [{ amount: 300_001, currency: 'UGX' }, 'amount'],
    [{ receiptEmail: 'nobody' }, 'receiptEmail'],
    [{ description: ' ' }, 'description'],
    [{ description: 'x'.repeat(1_001) }, 'description'],
    [{ metadata: { billgraph_project_id: 'x' } }, 'metadata.billgraph_project_id'],
    [{ metadata: { long: 'x'.repeat(501) } }, 'metadata.long'],
    [{ metadata: Object.fromEntries(Array.from({ length: 41 }, (_, i) => [`k${i}`, 'v'])) }, 'metadata'],
  ])('%j', async (input, field) => {
    expect(refusalsOf(await create(input))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });

  it.each([{ currency: 'usd' }, { currency: 'XYZ' }, { amount: 1.5 }, { amount: null }])('%j', async (input) => {
    const answer = await create(input);
    expect([answer.status, answer.data?.createPaymentIntent ?? null]).toEqual([expect.toBeOneOf([200, 400]), null]);
    expect(answer.errors![0]!.extensions.code).toBeOneOf(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED']);
  });

  it("another tenant's customer, a random and a malformed id alike", async () => {
    const other = await customerOf(foreign);
    for (const customerId of [other.id, 'pc_00000000000000000000000000', '\0'])
      expect(refusalsOf(await create({ customerId }))).toEqual([{ code: 'NOT_FOUND', field: 'customerId' }]);
  });

  it('a customer who was deleted in Stripe, of which nobody has told us', async () => {
    const silent = await createTenant(billgraph);
    await silence(silent);
    const gone = await customerOf(silent);
    await silent.stripe.customers.del(gone.stripeCustomerId);
    expect(refusalsOf(await create({ customerId: gone.id }, silent.apiKey))).toEqual([
      { code: 'NOT_FOUND', field: 'customerId' },
    ]);
  });
});

describe('is not allowed', () => {
  it('without the scope, nor to a frontend', async () => {
    const key = await tenant.newApiKey({ scopes: ['payments:read', 'checkout:write'] });
    expect(refusalsOf(await create({}, key))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await create({}, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const token = `mutation { createCustomerToken(input: { customerId: "${ada.id}", scopes: ["payments:write"] }) { token } }`;
    expect(refusalsOf(await ask(billgraph, tenant.apiKey, token))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'scopes' },
    ]);
  });
});
