import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let ids: string[];
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  const create =
    'createPaymentIntent(input: { amount: 2000, currency: "USD" }) { payment { id stripePaymentIntentId } }';
  const { data } = await ask(billgraph, tenant.apiKey, `mutation { ${create} }`);
  const { id, stripePaymentIntentId } = data.createPaymentIntent.payment;
  ids = [id, stripePaymentIntentId];
});
afterAll(() => billgraph.close());

const find = (id: string, credential: string | null = tenant.apiKey) =>
  ask(
    billgraph,
    credential,
    'query ($id: ID!) { paymentIntent(id: $id) { id status stripePaymentIntentId } payment(id: $id) { id } }',
    { id },
  );

describe('answers', () => {
  it("the payment, by our id and by Stripe's, as `payment` does", async () => {
    const [id, stripePaymentIntentId] = ids;
    const paymentIntent = { id, status: 'REQUIRES_PAYMENT_METHOD', stripePaymentIntentId };
    for (const named of ids) expect((await find(named)).data).toEqual({ paymentIntent, payment: { id } });
  });

  it("null for another tenant's, a random and a malformed id", async () => {
    const { apiKey } = await createTenant(billgraph);
    const none = { errors: undefined, data: { paymentIntent: null, payment: null } };
    for (const id of ids) expect(await find(id, apiKey)).toMatchObject(none);
    for (const id of ['pay_00000000000000000000000000', 'pi_', '', '\0']) expect(await find(id)).toMatchObject(none);
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    const document = `{ paymentIntent(id: "${ids[0]}") { id } }`;
    expect(refusalsOf(await ask(billgraph, null, document))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const writer = await tenant.newApiKey({ scopes: ['payments:write'] });
    expect(refusalsOf(await ask(billgraph, writer, document))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
