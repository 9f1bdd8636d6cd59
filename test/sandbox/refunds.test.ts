import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal, startTestSandbox, stripeAt } from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

function paid(stripe: Stripe, payment_method = 'pm_card_visa') {
  return stripe.paymentIntents.create({ amount: 2_000, currency: 'usd', confirm: true, payment_method });
}

async function eventTypes(stripe: Stripe) {
  return (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type).reverse();
}

describe('a refund', () => {
  it('gives back in parts, and never more than was paid', async () => {
    const stripe = stripeAt(sandbox.url);
    const intent = await paid(stripe);
    const charge = intent.latest_charge as string;
    const part = await stripe.refunds.create({
      payment_intent: intent.id,
      amount: 500,
      reason: 'requested_by_customer',
      metadata: { why: 'broken' },
      expand: ['balance_transaction'],
    });
    expect(part).toMatchObject({
      status: 'succeeded',
      amount: 500,
      charge,
      metadata: { why: 'broken' },
      balance_transaction: { amount: -500, type: 'refund' },
    });
    expect(await stripe.charges.retrieve(charge)).toMatchObject({ amount_refunded: 500, refunded: false });
    const tooMuch = await refusal(stripe.refunds.create({ charge, amount: 1_501 }));
    expect(tooMuch.message).toContain('($15.01) is greater than unrefunded amount on charge ($15.00)');
    expect((await stripe.refunds.create({ charge })).amount).toBe(1_500);
    expect(await stripe.charges.retrieve(charge)).toMatchObject({ amount_refunded: 2_000, refunded: true });
    expect((await refusal(stripe.refunds.create({ charge }))).code).toBe('charge_already_refunded');

    expect((await stripe.refunds.update(part.id, { metadata: { why: '' } })).metadata).toEqual({});
    expect((await stripe.refunds.list({ charge })).data).toHaveLength(2);
    expect((await refusal(stripe.refunds.cancel(part.id))).message).toContain('status of succeeded');
    const types = await eventTypes(stripe);
    expect(types.filter((type) => type === 'charge.refunded')).toHaveLength(2);
    expect(types).toEqual(expect.arrayContaining(['refund.created', 'refund.updated', 'charge.refund.updated']));
  });

  it('may take its time, and may fail', async () => {
    const stripe = stripeAt(sandbox.url);
    const slow = await paid(stripe, 'pm_card_pendingRefund');
    const pending = await stripe.refunds.create({ payment_intent: slow.id });
    expect(pending.status).toBe('pending');
    const failing = await paid(stripe, 'pm_card_refundFail');
    const failed = await stripe.refunds.create({ payment_intent: failing.id });
    const status = async ({ id }: Stripe.Refund) => (await stripe.refunds.retrieve(id)).status;
    await expect.poll(() => status(pending), { timeout: 10_000 }).toBe('succeeded');
    await expect.poll(() => status(failed), { timeout: 10_000 }).toBe('failed');
    expect(await stripe.charges.retrieve(failing.latest_charge as string)).toMatchObject({ amount_refunded: 0 });
    expect(await eventTypes(stripe)).toContain('refund.failed');
  });

  it('refuses what was not paid', async () => {
    const stripe = stripeAt(sandbox.url);
    const open = await stripe.paymentIntents.create({ amount: 2_000, currency: 'usd' });
    expect((await refusal(stripe.refunds.create({ payment_intent: open.id }))).message).toContain('successful charge');
    expect((await refusal(stripe.refunds.create({}))).param).toBe('payment_intent');
    expect((await refusal(stripe.refunds.create({ charge: 'ch_none' }))).code).toBe('resource_missing');
    const held = await stripe.charges.create({ amount: 900, currency: 'usd', capture: false, source: 'tok_visa' });
    expect((await refusal(stripe.refunds.create({ charge: held.id }))).message).toContain('has not been captured');
    const both = await refusal(stripe.refunds.create({ charge: held.id, payment_intent: open.id }));
    expect(both.param).toBe('payment_intent');
  });
});

describe('a dispute', () => {
  async function disputed(stripe: Stripe, method = 'pm_card_createDispute') {
    const intent = await paid(stripe, method);
    const [dispute] = (await stripe.disputes.list({ payment_intent: intent.id })).data;
    return dispute!;
  }

  it('takes the money back at once, and evidence wins it', async () => {
    const stripe = stripeAt(sandbox.url);
    const dispute = await disputed(stripe);
    expect(dispute).toMatchObject({ status: 'needs_response', reason: 'fraudulent', amount: 2_000 });
    expect(dispute.balance_transactions).toMatchObject([{ amount: -2_000, fee: 1_500 }]);
    expect(await stripe.charges.retrieve(dispute.charge as string)).toMatchObject({ disputed: true });
    expect((await refusal(stripe.refunds.create({ charge: dispute.charge as string }))).code).toBe('charge_disputed');
    const staged = await stripe.disputes.update(dispute.id, { evidence: { customer_name: 'Ada' }, submit: false });
    expect(staged).toMatchObject({ status: 'needs_response', evidence_details: { has_evidence: true } });
    const won = await stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: 'winning_evidence' } });
    expect(won).toMatchObject({ status: 'won', evidence: { customer_name: 'Ada' } });
    expect((await refusal(stripe.disputes.close(dispute.id))).code).toBe('dispute_already_closed');
    const types = (await eventTypes(stripe)).filter((type) => type.startsWith('charge.dispute'));
    expect(types).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.updated',
      'charge.dispute.updated',
      'charge.dispute.funds_reinstated',
      'charge.dispute.closed',
    ]);
  });

  it('can be lost, given up, or only be asked about', async () => {
    const stripe = stripeAt(sandbox.url);
    const lost = await disputed(stripe, 'pm_card_createDisputeProductNotReceived');
    const evidence = { uncategorized_text: 'losing_evidence' };
    expect((await stripe.disputes.update(lost.id, { evidence })).status).toBe('lost');
    const given = await disputed(stripe);
    expect((await stripe.disputes.close(given.id)).status).toBe('lost');
    const inquiry = await disputed(stripe, 'pm_card_createDisputeInquiry');
    expect(inquiry).toMatchObject({ status: 'warning_needs_response', balance_transactions: [] });
    expect((await stripe.disputes.update(inquiry.id, { metadata: { a: '1' } })).metadata).toEqual({ a: '1' });
    expect((await stripe.refunds.create({ charge: inquiry.charge as string })).status).toBe('succeeded');
    expect((await refusal(stripe.disputes.retrieve('du_none'))).statusCode).toBe(404);
  });

  it('shows in the balance', async () => {
    const stripe = stripeAt(sandbox.url);
    const dispute = await disputed(stripe);
    const { data } = await stripe.balanceTransactions.list({ source: dispute.id });
    expect(data).toMatchObject([{ type: 'adjustment', net: -3_500 }]);
    expect(await stripe.balanceTransactions.retrieve(data[0]!.id)).toMatchObject({ id: data[0]!.id });
  });
});
