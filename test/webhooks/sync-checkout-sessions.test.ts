import { afterAll, beforeAll, expect, it } from 'vitest';
import { CheckoutSession } from '../../src/billing/checkout/checkout-session.entity.ts';
import { Customer } from '../../src/billing/customers/customer.entity.ts';
import { newId } from '../../src/ids.ts';
import { anEvent, deliver, type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';
import { aCheckoutSession } from './stripe-objects.ts';

let ingestion: Ingestion;
let connection: TestConnection;
beforeAll(async () => {
  ingestion = await startIngestion();
  connection = await ingestion.newConnection();
});
afterAll(() => ingestion.close());

let second = 1_790_000_000;

async function bring(type: string, object: object) {
  const event = anEvent(`checkout.session.${type}`, object, { created: ++second });
  await deliver(ingestion, connection, event);
  await ingestion.worker.idle();
  const [row] = await ingestion.rows('select outcome from inbound_event where event_id = $1', [event.id]);
  return row!.outcome;
}

/** Our row, as createCheckoutSession writes it before Stripe is asked, and after. */
async function open(stripeSessionId: string | null): Promise<string> {
  const em = ingestion.orm.em.fork();
  const tenant = { projectId: connection.projectIds[0]!, environment: 'TEST', connectionId: connection.id } as const;
  const customer = em.create(Customer, { id: newId('pc'), ...tenant });
  const status = stripeSessionId ? 'OPEN' : null;
  const session = em.create(CheckoutSession, {
    id: newId('pcs'),
    ...tenant,
    customer,
    mode: 'SUBSCRIPTION',
    stripeSessionId,
    status,
  });
  await em.flush();
  return session.id;
}

const sessionOf = async (id: string) => (await ingestion.rows('select * from checkout_session where id = $1', [id]))[0];

it.each([
  ['completed', 'complete', 'COMPLETE'],
  ['expired', 'expired', 'EXPIRED'],
  ['async_payment_failed', 'complete', 'COMPLETE'],
])('follows a session that is %s', async (type, status, expected) => {
  const id = await open(`cs_${type}`);
  expect(await bring(type, aCheckoutSession(`cs_${type}`, { status }))).toBe('applied');
  expect(await sessionOf(id)).toMatchObject({ status: expected, expires_at: expect.anything() });
});

it('links a session whose answer was lost', async () => {
  const id = await open(null);
  expect(await bring('completed', aCheckoutSession('cs_lost', { metadata: { billgraph_id: id } }))).toBe('applied');
  expect(await sessionOf(id)).toMatchObject({ stripe_session_id: 'cs_lost', status: 'COMPLETE' });
});

it('ignores a session that somebody else opened, or that names a row of another session', async () => {
  const taken = await open('cs_taken');
  expect(await bring('completed', aCheckoutSession('cs_foreign'))).toBe('ignored');
  expect(await bring('completed', aCheckoutSession('cs_thief', { metadata: { billgraph_id: taken } }))).toBe('ignored');
  expect(await sessionOf(taken)).toMatchObject({ stripe_session_id: 'cs_taken', status: 'OPEN' });
});

it('keeps its status where Stripe has a newer word', async () => {
  const id = await open('cs_newer');
  expect(await bring('completed', aCheckoutSession('cs_newer', { status: 'melting' }))).toBe('applied');
  expect(await sessionOf(id)).toMatchObject({ status: 'OPEN' });
});

it.each([
  ['completed', 'unpaid', 'UNPAID'],
  ['async_payment_succeeded', 'paid', 'PAID'],
  ['async_payment_failed', 'unpaid', 'UNPAID'],
  ['completed', 'no_payment_required', 'NOT_REQUIRED'],
])('knows whether a session that is %s is %s', async (type, payment_status, expected) => {
  const name = `cs_${type}_${payment_status}`;
  const id = await open(name);
  await bring(type, aCheckoutSession(name, { payment_status, mode: 'payment', payment_intent: 'pi_1' }));
  expect(await sessionOf(id)).toMatchObject({ payment_status: expected, stripe_payment_intent_id: 'pi_1' });
});

it('knows what came of it, also where Stripe tells it whole', async () => {
  const id = await open('cs_result');
  const result = {
    subscription: { id: 'sub_1', object: 'subscription' },
    setup_intent: 'seti_1',
    payment_intent: null,
  };
  await bring('completed', aCheckoutSession('cs_result', { payment_status: 'paid', ...result }));
  expect(await sessionOf(id)).toMatchObject({
    stripe_subscription_id: 'sub_1',
    stripe_setup_intent_id: 'seti_1',
    stripe_payment_intent_id: null,
  });
});

it('keeps the payment status where Stripe has a newer word', async () => {
  const id = await open('cs_word');
  await bring('completed', aCheckoutSession('cs_word', { payment_status: 'paid' }));
  await bring('completed', aCheckoutSession('cs_word', { payment_status: 'half_paid' }));
  expect(await sessionOf(id)).toMatchObject({ payment_status: 'PAID' });
});
