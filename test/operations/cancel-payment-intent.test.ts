import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { behave, misbehave, silence } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let foreign: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  [tenant, foreign] = await Promise.all([createTenant(billgraph), createTenant(billgraph)]);
});
afterAll(() => billgraph.close());

const begin = async ({ apiKey } = tenant) => {
  const { data } = await ask(
    billgraph,
    apiKey,
    `mutation { createPaymentIntent(input: { amount: 2000, currency: "USD" }) { payment { id stripePaymentIntentId } } }`,
  );
  return data.createPaymentIntent.payment as { id: string; stripePaymentIntentId: string };
};
const document = `mutation ($input: CancelPaymentIntentInput!) { cancelPaymentIntent(input: $input) { payment {
  id status cancellationReason canceledAt } } }`;
const cancel = (input: object, credential: string | null = tenant.apiKey) =>
  ask(billgraph, credential, document, { input });
const confirm = ({ stripePaymentIntentId: id }: { stripePaymentIntentId: string }, payment_method = 'pm_card_visa') =>
  tenant.stripe.paymentIntents.confirm(id, { payment_method, return_url: 'https://example.com/back' });

describe('answers', () => {
  it('the payment, given up before any webhook', async () => {
    const { id: paymentId } = await begin();
    const { data, errors } = await cancel({ paymentId, reason: 'REQUESTED_BY_CUSTOMER' });
    expect(errors).toBeUndefined();
    expect(data.cancelPaymentIntent.payment).toEqual({
      id: paymentId,
      status: 'CANCELED',
      cancellationReason: 'requested_by_customer',
      canceledAt: expect.any(String),
    });
  });

  it('without a reason, one that waits for its payer', async () => {
    const begun = await begin();
    await confirm(begun, 'pm_card_threeDSecureRequired');
    const { data } = await cancel({ paymentId: begun.id });
    expect(data.cancelPaymentIntent.payment).toMatchObject({ status: 'CANCELED', cancellationReason: null });
  });

  it('Stripe answers too late: the same key finds it given up', async () => {
    const { id: paymentId } = await begin();
    await misbehave(tenant, { kind: 'connection_lost_after', next: 4, only: 'POST /v1/payment_intents/*' });
    const lost = await cancel({ paymentId, idempotencyKey: 'lost' });
    expect(lost.errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
    await behave(tenant);
    const { data } = await cancel({ paymentId, idempotencyKey: 'lost' });
    expect(data.cancelPaymentIntent.payment.status).toBe('CANCELED');
  });
});

describe('refuses', () => {
  it('what was paid, or given up already', async () => {
    const [paid, gone] = [await begin(), await begin()];
    await confirm(paid);
    await cancel({ paymentId: gone.id });
    await billgraph.settled();
    for (const { id: paymentId } of [paid, gone])
      expect(refusalsOf(await cancel({ paymentId }))).toEqual([{ code: 'CONFLICT', field: 'paymentId' }]);
  });

  it('what was paid in the meantime, of which nobody has told us', async () => {
    const silent = await createTenant(billgraph);
    await silence(silent);
    const { id: paymentId, stripePaymentIntentId } = await begin(silent);
    await silent.stripe.paymentIntents.confirm(stripePaymentIntentId, {
      payment_method: 'pm_card_visa',
      return_url: 'https://example.com/back',
    });
    const { errors } = await cancel({ paymentId }, silent.apiKey);
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('status'),
        extensions: { code: 'CONFLICT', stripeCode: 'payment_intent_unexpected_state' },
      },
    ]);
  });

  it("another tenant's payment, a random and a malformed id alike", async () => {
    const { id } = await begin(foreign);
    for (const paymentId of [id, 'pay_00000000000000000000000000', '\0'])
      expect(refusalsOf(await cancel({ paymentId }))).toEqual([{ code: 'NOT_FOUND', field: 'paymentId' }]);
  });
});

describe('is not allowed', () => {
  it('without the scope', async () => {
    const key = await tenant.newApiKey({ scopes: ['payments:read'] });
    expect(refusalsOf(await cancel({ paymentId: 'x' }, key))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await cancel({ paymentId: 'x' }, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
  });
});
