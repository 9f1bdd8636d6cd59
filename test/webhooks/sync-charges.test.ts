import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, deliver, type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';
import { aCharge, aDeclinedPayment, aDispute, aFailedCharge, aPayment } from './payment-objects.ts';
import { aCustomer } from './stripe-objects.ts';

let ingestion: Ingestion;
let connection: TestConnection;
let ours: { billgraph_project_id: string };
beforeAll(async () => {
  ingestion = await startIngestion();
  connection = await ingestion.newConnection({ projects: 2 });
  ours = { billgraph_project_id: connection.projectIds[0]! };
  const { objects } = ingestion.stripe;
  objects.set('cus_1', aCustomer('cus_1', { metadata: ours }));
  objects.set('pi_1', aPayment('pi_1'));
  objects.set('ch_1', aCharge('ch_1'));
});
afterAll(() => ingestion.close());

let second = 1_790_000_000;

async function bring(type: string, object: object, fields: object = {}) {
  const event = anEvent(type, object, { created: ++second, ...fields });
  await deliver(ingestion, connection, event);
  await ingestion.worker.idle();
  const [row] = await ingestion.rows('select outcome from inbound_event where event_id = $1', [event.id]);
  return row!.outcome;
}

const chargeOf = async (id: string) =>
  (
    await ingestion.rows(
      `select c.*, p.stripe_payment_intent_id from charge c left join payment p on p.id = c.payment_id
       where stripe_charge_id = $1`,
      [id],
    )
  )[0];

const disputeOf = async (id: string) =>
  (
    await ingestion.rows(
      `select d.*, c.stripe_charge_id, extract(epoch from d.evidence_due_by)::int as due from dispute d
       join charge c on c.id = d.charge_id where stripe_dispute_id = $1`,
      [id],
    )
  )[0];

const factsOf = (subject: string) =>
  ingestion.rows('select business_key, before, after from billing_event where subject_id = $1 order by id', [subject]);

describe('a charge', () => {
  it('brings its payment and customer, whom nobody knew', async () => {
    expect(await bring('charge.succeeded', aCharge('ch_new'))).toBe('applied');
    expect(await chargeOf('ch_new')).toMatchObject({
      id: expect.stringMatching(/^pch_/),
      project_id: ours.billgraph_project_id,
      stripe_payment_intent_id: 'pi_1',
      status: 'SUCCEEDED',
      amount: '2000',
      amount_captured: '2000',
      amount_refunded: '0',
      currency: 'USD',
      captured: true,
      paid: true,
      disputed: false,
      receipt_url: 'https://pay.example.com/receipt',
      payment_method_type: 'card',
      payment_method_brand: 'visa',
      payment_method_last4: '4242',
    });
    expect([...ingestion.stripe.asked].sort()).toEqual(['cus_1', 'pi_1']);
  });

  it('tells of each refund once, by how much is refunded in all', async () => {
    await bring('charge.refunded', aCharge('ch_back', { amount_refunded: 500 }));
    await bring('charge.refunded', aCharge('ch_back', { amount_refunded: 500 }));
    await bring('charge.refunded', aCharge('ch_back', { amount_refunded: 2000, refunded: true }));
    const charge = await chargeOf('ch_back');
    expect(charge).toMatchObject({ amount_refunded: '2000', refunded: true });
    const usd = (amount: string) => ({ amountRefunded: { amount, currency: 'USD' } });
    const paymentId = charge!.payment_id;
    expect(await factsOf(charge!.id as string)).toEqual([
      {
        business_key: `payment.refunded/${charge!.id}/500`,
        before: null,
        after: { ...usd('500'), refunded: false, paymentId },
      },
      {
        business_key: `payment.refunded/${charge!.id}/2000`,
        before: usd('500'),
        after: { ...usd('2000'), refunded: true, paymentId },
      },
    ]);
  });

  it('keeps the greater refund, whatever comes late', async () => {
    const whole = aCharge('ch_late', { amount_refunded: 2000, refunded: true });
    ingestion.stripe.objects.set('ch_late', whole);
    await bring('charge.refunded', whole);
    await bring('charge.refunded', aCharge('ch_late', { amount_refunded: 500 }), { created: second - 50 });
    expect(await chargeOf('ch_late')).toMatchObject({ amount_refunded: '2000' });
    expect(await factsOf((await chargeOf('ch_late'))!.id as string)).toHaveLength(1);
  });

  it('is looked at again when a refund has failed, of which no event of the charge tells', async () => {
    await bring('charge.refunded', aCharge('ch_failed', { amount_refunded: 2000, refunded: true }));
    ingestion.stripe.objects.set('ch_failed', aCharge('ch_failed'));
    const refund = { id: 're_1', object: 'refund', charge: 'ch_failed', status: 'failed', amount: 2000 };
    expect(await bring('refund.failed', refund)).toBe('applied');
    expect(await chargeOf('ch_failed')).toMatchObject({ amount_refunded: '0', refunded: false });
  });

  it('tells that a refund failed, and tells the same total again when it is refunded again', async () => {
    const refunded = aCharge('ch_again', { amount_refunded: 2000, refunded: true });
    const failed = { id: 're_2', object: 'refund', charge: 'ch_again', status: 'failed', amount: 2000 };
    for (const _ of [1, 2]) {
      ingestion.stripe.objects.set('ch_again', refunded);
      await bring('charge.refunded', refunded);
      ingestion.stripe.objects.set('ch_again', aCharge('ch_again'));
      await bring('refund.failed', failed);
      await bring('refund.failed', failed);
    }
    const { id } = (await chargeOf('ch_again'))!;
    const facts = await factsOf(id as string);
    expect(facts.map(({ business_key }) => business_key)).toEqual([
      `payment.refunded/${id}/2000`,
      `payment.refund_failed/${id}/1`,
      `payment.refunded/${id}/2000/1`,
      `payment.refund_failed/${id}/2`,
    ]);
    expect(facts[1]).toMatchObject({
      before: { amountRefunded: { amount: '2000', currency: 'USD' } },
      after: { amountRefunded: { amount: '0', currency: 'USD' }, refunded: false },
    });
  });

  it('that fails is told of its payment, once, though the next attempt came before anybody looked', async () => {
    const paid = aPayment('pi_attempts', { latest_charge: 'ch_third' });
    ingestion.stripe.objects.set('pi_attempts', paid);
    const attempts = ['ch_first', 'ch_second'].map((id) => aFailedCharge(id, { payment_intent: 'pi_attempts' }));
    for (const attempt of [...attempts, ...attempts]) await bring('charge.failed', attempt);
    await bring('payment_intent.payment_failed', aDeclinedPayment('pi_attempts', 'ch_second'));
    await bring('payment_intent.succeeded', paid);
    const charge = (await chargeOf('ch_first'))!;
    const payment = charge.payment_id as string;
    const facts = await factsOf(payment);
    expect(facts.map(({ business_key }) => business_key)).toEqual([
      `payment.succeeded/${payment}`,
      `payment.failed/${payment}/ch_first`,
      `payment.failed/${payment}/ch_second`,
    ]);
    expect(facts[1]).toMatchObject({
      before: null,
      after: {
        chargeId: charge.id,
        chargeStatus: 'FAILED',
        amount: { amount: '2000', currency: 'USD' },
        lastError: {
          code: 'card_declined',
          declineCode: 'insufficient_funds',
          message: 'Your card has insufficient funds.',
        },
      },
    });
  });

  it('that was pending and fails later, as a bank debit does, is told then', async () => {
    await bring('charge.succeeded', aCharge('ch_debit', { status: 'pending', payment_intent: null }));
    await bring('charge.failed', aFailedCharge('ch_debit', { payment_intent: null }));
    const { id } = (await chargeOf('ch_debit'))!;
    expect(await factsOf(id as string)).toMatchObject([
      { business_key: `payment.failed/${id}/ch_debit`, before: { chargeStatus: 'PENDING' } },
    ]);
  });

  it('without a customer belongs to the project of its payment', async () => {
    ingestion.stripe.objects.set('pi_guest', aPayment('pi_guest', { customer: null, metadata: ours }));
    const charge = aCharge('ch_guest', { customer: null, payment_intent: 'pi_guest' });
    expect(await bring('charge.refunded', charge)).toBe('applied');
    expect(await chargeOf('ch_guest')).toMatchObject({ customer_id: null, stripe_payment_intent_id: 'pi_guest' });
  });

  it('takes its payment into the project that its own metadata names', async () => {
    ingestion.stripe.objects.set('pi_bare', aPayment('pi_bare', { customer: null }));
    const charge = aCharge('ch_named', { customer: null, payment_intent: 'pi_bare', metadata: ours });
    expect(await bring('charge.refunded', charge)).toBe('applied');
    expect(await chargeOf('ch_named')).toMatchObject({ stripe_payment_intent_id: 'pi_bare' });
  });

  it('without a payment, as integrations of old make it, belongs to its customer, or to nobody', async () => {
    expect(await bring('charge.refunded', aCharge('ch_legacy', { payment_intent: null }))).toBe('applied');
    expect(await chargeOf('ch_legacy')).toMatchObject({ payment_id: null, project_id: ours.billgraph_project_id });
    const bare = aCharge('ch_bare', { payment_intent: null, customer: null });
    expect(await bring('charge.refunded', bare)).toBe('unrouted');
  });

  it('whose payment belongs to no project is unrouted', async () => {
    ingestion.stripe.objects.set('pi_nobody', aPayment('pi_nobody', { customer: null }));
    const charge = aCharge('ch_nobody', { customer: null, payment_intent: 'pi_nobody' });
    expect(await bring('charge.refunded', charge)).toBe('unrouted');
    expect(await chargeOf('ch_nobody')).toBeUndefined();
  });

  it('is read in the older shape as well, without a fetch', async () => {
    const asked = ingestion.stripe.asked.length;
    const old = aCharge('ch_old', { amount_refunded: 700, invoice: 'in_1' });
    await bring('charge.refunded', old, { api_version: '2023-08-16' });
    await bring('charge.dispute.created', aDispute('du_old', { charge: 'ch_old' }), { api_version: '2023-08-16' });
    expect(await chargeOf('ch_old')).toMatchObject({ amount_refunded: '700', disputed: true });
    expect(ingestion.stripe.asked).toHaveLength(asked);
  });
});

describe('a dispute', () => {
  it('brings its charge, and marks it', async () => {
    expect(await bring('charge.dispute.created', aDispute('du_new'))).toBe('applied');
    const dispute = await disputeOf('du_new');
    expect(dispute).toMatchObject({
      id: expect.stringMatching(/^pdi_/),
      project_id: ours.billgraph_project_id,
      stripe_charge_id: 'ch_1',
      status: 'NEEDS_RESPONSE',
      stripe_status: 'needs_response',
      amount: '2000',
      currency: 'USD',
      reason: 'fraudulent',
      due: 1_791_000_000,
      has_evidence: false,
    });
    expect(await chargeOf('ch_1')).toMatchObject({ disputed: true });
    expect((await factsOf(dispute!.id as string)).map(({ business_key }) => business_key)).toEqual([
      `dispute.created/${dispute!.id}`,
    ]);
  });

  it('closes once; and again, otherwise, after an appeal', async () => {
    for (const status of ['needs_response', 'lost', 'lost', 'appeal_under_review', 'won'])
      await bring('charge.dispute.updated', aDispute('du_closed', { status }));
    const { id } = (await disputeOf('du_closed'))!;
    expect((await factsOf(id as string)).map(({ business_key }) => business_key)).toEqual([
      `dispute.created/${id}`,
      `dispute.closed/${id}/LOST`,
      `dispute.closed/${id}/WON`,
    ]);
  });

  it('that is closed when it is first heard of was created as well', async () => {
    await bring('charge.dispute.closed', aDispute('du_unheard', { status: 'won' }));
    const { id } = (await disputeOf('du_unheard'))!;
    expect(await factsOf(id as string)).toMatchObject([
      { business_key: `dispute.created/${id}` },
      { business_key: `dispute.closed/${id}/WON`, before: null, after: { status: 'WON', reason: 'fraudulent' } },
    ]);
  });

  it('keeps the mark on its charge, though an older copy of the charge comes later', async () => {
    ingestion.stripe.objects.set('ch_marked', aCharge('ch_marked', { disputed: true }));
    await bring('charge.succeeded', aCharge('ch_marked'));
    await bring('charge.dispute.created', aDispute('du_marked', { charge: 'ch_marked' }));
    await bring('charge.refunded', aCharge('ch_marked', { amount_refunded: 100 }));
    expect(await chargeOf('ch_marked')).toMatchObject({ disputed: true, amount_refunded: '100' });
  });

  it('of a charge that belongs to nobody is unrouted', async () => {
    ingestion.stripe.objects.set('ch_alone', aCharge('ch_alone', { customer: null, payment_intent: null }));
    expect(await bring('charge.dispute.created', aDispute('du_alone', { charge: 'ch_alone' }))).toBe('unrouted');
    expect(await disputeOf('du_alone')).toBeUndefined();
  });
});

it('writes what arrives together once, without a deadlock', async () => {
  const { objects } = ingestion.stripe;
  const events = Array.from({ length: 16 }, (_, n) => {
    const payment = aPayment(`pi_t${n}`);
    const charge = aCharge(`ch_t${n}`, { payment_intent: payment.id, amount_refunded: 100 });
    const dispute = aDispute(`du_t${n}`, { charge: charge.id });
    for (const object of [payment, charge, dispute]) objects.set(object.id, object);
    const created = ++second;
    const all = [
      anEvent('payment_intent.succeeded', payment, { created }),
      anEvent('charge.refunded', charge, { created }),
      anEvent('charge.dispute.created', dispute, { created }),
    ];
    return [...all, ...all];
  }).flat();
  await Promise.all(events.map((event) => deliver(ingestion, connection, event)));
  await ingestion.worker.idle();
  const [counted] = await ingestion.rows(
    `select (select count(*)::int from dispute where stripe_dispute_id like 'du_t%') as disputes,
       (select count(*)::int from charge where stripe_charge_id like 'ch_t%' and disputed) as charges,
       (select count(*)::int from billing_event e join charge c on c.id = e.subject_id where stripe_charge_id like 'ch_t%') as refunds,
       (select count(*)::int from billing_event e join payment p on p.id = e.subject_id where stripe_payment_intent_id like 'pi_t%') as payments,
       (select deadlocks::int from pg_stat_database where datname = current_database()) as deadlocks`,
  );
  expect(counted).toEqual({ disputes: 16, charges: 16, refunds: 16, payments: 16, deadlocks: 0 });
});
