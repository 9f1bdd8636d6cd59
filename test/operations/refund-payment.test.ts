import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
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

/** A payment of $20, made with a test card. */
const pay = async (
  of = tenant,
  payment_method: string | null = 'pm_card_visa',
  sum: { amount: number; currency: string } = { amount: 2_000, currency: 'USD' },
) => {
  const { data } = await ask(
    billgraph,
    of.apiKey,
    `mutation ($input: CreatePaymentIntentInput!) { createPaymentIntent(input: $input) { payment { id stripePaymentIntentId } } }`,
    { input: sum },
  );
  const { id, stripePaymentIntentId } = data.createPaymentIntent.payment;
  const confirmation = { payment_method: payment_method!, return_url: 'https://example.com/back' };
  if (payment_method) await of.stripe.paymentIntents.confirm(stripePaymentIntentId, confirmation);
  await billgraph.settled();
  return { paymentId: id as string, stripePaymentIntentId: stripePaymentIntentId as string };
};
const document = `mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) {
  refund { stripeRefundId status stripeStatus amount { amount currency } reason createdAt }
  payment { id status amountRefunded { amount } latestCharge { refunded amountRefunded { amount } } } } }`;
const refund = (input: object, credential: string | null = tenant.apiKey) =>
  ask(billgraph, credential, document, { input });
const given = async (input: object, credential?: string) => {
  const { data, errors } = await refund(input, credential);
  expect(errors).toBeUndefined();
  return data.refundPayment;
};

describe('answers', () => {
  it('a part, another part, and the rest; each told once', async () => {
    const { paymentId, stripePaymentIntentId } = await pay();
    const first = await given({ paymentId, amount: 500, reason: 'REQUESTED_BY_CUSTOMER', metadata: { ticket: '9' } });
    expect(first).toEqual({
      refund: {
        stripeRefundId: expect.stringMatching(/^re_/),
        status: 'SUCCEEDED',
        stripeStatus: 'succeeded',
        amount: { amount: '500', currency: 'USD' },
        reason: 'REQUESTED_BY_CUSTOMER',
        createdAt: expect.any(String),
      },
      payment: {
        id: paymentId,
        status: 'SUCCEEDED',
        amountRefunded: { amount: '500' },
        latestCharge: { refunded: false, amountRefunded: { amount: '500' } },
      },
    });
    const { metadata } = await tenant.stripe.refunds.retrieve(first.refund.stripeRefundId);
    expect(metadata).toEqual({ ticket: '9' });
    expect((await given({ paymentId, amount: '300' })).payment.amountRefunded.amount).toBe('800');
    const last = await given({ paymentId, reason: 'DUPLICATE' });
    expect(last).toMatchObject({
      refund: { amount: { amount: '1200' }, reason: 'DUPLICATE' },
      payment: { status: 'SUCCEEDED', amountRefunded: { amount: '2000' }, latestCharge: { refunded: true } },
    });
    await billgraph.settled();
    const facts = await asOwner(
      billgraph.databaseUrl,
      `select after -> 'amountRefunded' ->> 'amount' as amount from billing_event
       where type = 'payment.refunded' and after ->> 'paymentId' = $1 order by id`,
      [paymentId],
    );
    expect(facts.map(({ amount }) => amount)).toEqual(['500', '800', '2000']);
    expect((await tenant.stripe.refunds.list({ payment_intent: stripePaymentIntentId })).data).toHaveLength(3);
    const [entry] = await asOwner(
      billgraph.databaseUrl,
      `select subject_type, after from audit_entry where mutation = 'refundPayment' and subject_id = $1 order by id`,
      [paymentId],
    );
    expect(entry).toMatchObject({ subject_type: 'Payment', after: { amount: '500', currency: 'USD' } });
  });

  it('on evidence that moves each time: who looked at the charge before does not put back what he saw', async () => {
    const { paymentId } = await pay();
    const evidence = async () => {
      const sql = `select evidence::int from charge where payment_id = $1`;
      return (await asOwner(billgraph.databaseUrl, sql, [paymentId]))[0].evidence as number;
    };
    for (let known = await evidence(), n = 0; n < 3; n++) {
      await given({ paymentId, amount: 100 });
      const next = await evidence();
      expect(next).toBeGreaterThan(known);
      known = next;
    }
  });

  it('before any webhook, and once for one key, however often and late Stripe answers', async () => {
    const { paymentId, stripePaymentIntentId } = await pay();
    await silence(tenant);
    await misbehave(tenant, { kind: 'connection_lost_after', next: 4, only: 'POST /v1/refunds' });
    const lost = await refund({ paymentId, amount: 700, idempotencyKey: 'r-1' });
    expect(lost.errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
    await behave(tenant);
    const one = await given({ paymentId, amount: 700, idempotencyKey: 'r-1' });
    expect(await given({ paymentId, amount: 700, idempotencyKey: 'r-1' })).toEqual(one);
    expect(one.payment.amountRefunded.amount).toBe('700');
    expect((await tenant.stripe.refunds.list({ payment_intent: stripePaymentIntentId })).data).toHaveLength(1);
  });

  it('one that is on its way', async () => {
    const other = await createTenant(billgraph);
    const { paymentId } = await pay(other, 'pm_card_pendingRefund');
    expect((await given({ paymentId }, other.apiKey)).refund).toMatchObject({ status: 'PENDING', reason: null });
  });
});

describe('refuses', () => {
  it.each<[object, string]>([
    [{ amount: 0 }, 'amount'],
    [{ amount: -5 }, 'amount'],
    [{ amount: 2_001 }, 'amount'],
    [{ amount: 100_000_000 }, 'amount'],
    [{ metadata: { billgraph_x: 'y' } }, 'metadata.billgraph_x'],
  ])('%j', async (input, field) => {
    const { paymentId } = await pay(foreign);
    expect(refusalsOf(await refund({ paymentId, ...input }, foreign.apiKey))).toEqual([
      { code: 'BAD_USER_INPUT', field },
    ]);
  });

  it.each([
    ['ISK', 50_000, 20_000, 20_050],
    ['UGX', 300_000, 100_100, 100_150],
    ['KWD', 10_000, 1_010, 1_005],
    ['JPY', 5_000, 1_001, 5_001],
  ])('in %s, of a payment of %s: %s can be given back, %s cannot', async (currency, amount, some, odd) => {
    const { paymentId } = await pay(foreign, 'pm_card_visa', { amount, currency });
    const back = (part: number) => refund({ paymentId, amount: part }, foreign.apiKey);
    expect(refusalsOf(await back(odd))).toEqual([{ code: 'BAD_USER_INPUT', field: 'amount' }]);
    expect((await back(some)).data.refundPayment.refund.amount).toEqual({ amount: String(some), currency });
  });

  it('more than is left after a part, and anything after all of it', async () => {
    const { paymentId } = await pay(foreign);
    const back = (input: object) => refund({ paymentId, ...input }, foreign.apiKey);
    await back({ amount: 1_500 });
    const { errors } = await back({ amount: 501 });
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/left/), extensions: { code: 'BAD_USER_INPUT', field: 'amount' } },
    ]);
    await back({});
    expect(refusalsOf(await back({}))).toEqual([{ code: 'CONFLICT', field: undefined }]);
  });

  it('what was not paid, was given up, or is disputed', async () => {
    const { paymentId: unpaid } = await pay(foreign, null);
    expect(refusalsOf(await refund({ paymentId: unpaid }, foreign.apiKey))).toEqual([
      { code: 'CONFLICT', field: 'paymentId' },
    ]);
    const cancel = `mutation { cancelPaymentIntent(input: { paymentId: "${unpaid}" }) { payment { id } } }`;
    await ask(billgraph, foreign.apiKey, cancel);
    expect(refusalsOf(await refund({ paymentId: unpaid }, foreign.apiKey))).toEqual([
      { code: 'CONFLICT', field: 'paymentId' },
    ]);
    const { paymentId: disputed } = await pay(foreign, 'pm_card_createDispute');
    expect(refusalsOf(await refund({ paymentId: disputed }, foreign.apiKey))).toEqual([{ code: 'CONFLICT' }]);
  });

  it("another tenant's payment, a random and a malformed id alike", async () => {
    const { paymentId: theirs } = await pay(foreign);
    for (const paymentId of [theirs, 'pay_00000000000000000000000000', '\0'])
      expect(refusalsOf(await refund({ paymentId }))).toEqual([{ code: 'NOT_FOUND', field: 'paymentId' }]);
  });
});

describe('is not allowed', () => {
  it('without the scope', async () => {
    const key = await tenant.newApiKey({ scopes: ['payments:read'] });
    expect(refusalsOf(await refund({ paymentId: 'x' }, key))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await refund({ paymentId: 'x' }, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
  });
});
