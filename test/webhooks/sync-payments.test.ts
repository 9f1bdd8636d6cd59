import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, deliver, type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';
import { aDeclinedPayment, aPayment } from './payment-objects.ts';
import { aCustomer, anInvoice, linesOf } from './stripe-objects.ts';

let ingestion: Ingestion;
let connection: TestConnection;
let ours: { billgraph_project_id: string };
beforeAll(async () => {
  ingestion = await startIngestion();
  connection = await ingestion.newConnection({ projects: 2 });
  ours = { billgraph_project_id: connection.projectIds[0]! };
  ingestion.stripe.objects.set('cus_1', aCustomer('cus_1', { metadata: ours }));
});
afterAll(() => ingestion.close());

let second = 1_790_000_000;

async function bring(type: string, object: object, fields: object = {}) {
  const event = anEvent(`payment_intent.${type}`, object, { created: ++second, ...fields });
  await deliver(ingestion, connection, event);
  await ingestion.worker.idle();
  const [row] = await ingestion.rows('select outcome from inbound_event where event_id = $1', [event.id]);
  return row!.outcome;
}

const paymentOf = async (id: string) =>
  (
    await ingestion.rows(
      `select p.*, c.stripe_customer_id, extract(epoch from p.canceled_at)::int as canceled from payment p
       left join customer c on c.id = p.customer_id where stripe_payment_intent_id = $1`,
      [id],
    )
  )[0];

const factsOf = (id: string) =>
  ingestion.rows(
    `select e.type, e.business_key, e.before, e.after, e.project_id, extract(epoch from e.occurred_at)::int as occurred
     from billing_event e join payment p on p.id = e.subject_id where stripe_payment_intent_id = $1 order by e.id`,
    [id],
  );

it('brings a payment with its customer, whom nobody knew', async () => {
  expect(await bring('succeeded', aPayment('pi_new', { metadata: { order: '7', ...ours } }))).toBe('applied');
  const payment = await paymentOf('pi_new');
  expect(payment).toMatchObject({
    id: expect.stringMatching(/^pay_/),
    project_id: ours.billgraph_project_id,
    environment: 'TEST',
    stripe_customer_id: 'cus_1',
    status: 'SUCCEEDED',
    stripe_status: 'succeeded',
    amount: '2000',
    amount_received: '2000',
    currency: 'USD',
    stripe_latest_charge_id: 'ch_of_pi_new',
    stripe_payment_method_id: 'pm_1',
    metadata: { order: '7' },
  });
  expect(ingestion.stripe.asked).toEqual(['cus_1']);
  expect(await factsOf('pi_new')).toEqual([
    {
      type: 'payment.succeeded',
      business_key: `payment.succeeded/${payment!.id}`,
      before: null,
      after: { status: 'SUCCEEDED', amountReceived: { amount: '2000', currency: 'USD' } },
      project_id: ours.billgraph_project_id,
      occurred: second,
    },
  ]);
});

it('keeps why the last attempt failed, leaves it to its charge to tell of it, and tells of the success', async () => {
  const first = aDeclinedPayment('pi_tried', 'ch_1');
  await bring('payment_failed', first);
  await bring('payment_failed', first);
  expect(await paymentOf('pi_tried')).toMatchObject({
    status: 'REQUIRES_PAYMENT_METHOD',
    last_error_code: 'card_declined',
    last_error_decline_code: 'insufficient_funds',
    last_error_message: 'Your card has insufficient funds.',
    last_error_attempt: 'ch_1',
  });
  await bring('payment_failed', aDeclinedPayment('pi_tried', 'ch_2'));
  await bring('succeeded', aPayment('pi_tried'));
  await bring('succeeded', aPayment('pi_tried', { description: 'later' }));
  const { id } = (await paymentOf('pi_tried'))!;
  expect((await factsOf('pi_tried')).map(({ business_key }) => business_key)).toEqual([`payment.succeeded/${id}`]);
  expect(await paymentOf('pi_tried')).toMatchObject({ last_error_code: null, last_error_attempt: null });
});

it('tells attempts without a charge apart by their request', async () => {
  const failed = (request: string) => ({
    type: 'invalid_request_error',
    code: 'payment_intent_authentication_failure',
    message: 'It was not authenticated.',
    request_log_url: `https://dashboard.stripe.com/test/logs/${request}?t=1`,
  });
  const at = (request: string) =>
    aPayment('pi_3ds', { status: 'requires_payment_method', last_payment_error: failed(request), latest_charge: null });
  await bring('payment_failed', at('req_a'));
  await bring('payment_failed', at('req_a'));
  await bring('payment_failed', at('req_b'));
  expect((await factsOf('pi_3ds')).map(({ business_key }) => (business_key as string).split('/').at(-1))).toEqual([
    'req_a',
    'req_b',
  ]);
});

it('keeps when and why a payment was canceled', async () => {
  const canceled = { status: 'canceled', canceled_at: 1_790_000_500, cancellation_reason: 'abandoned' };
  await bring('canceled', aPayment('pi_canceled', canceled));
  expect(await paymentOf('pi_canceled')).toMatchObject({
    status: 'CANCELED',
    canceled: 1_790_000_500,
    cancellation_reason: 'abandoned',
  });
  expect(await factsOf('pi_canceled')).toEqual([]);
});

it('takes a status that is newer than this server', async () => {
  await bring('processing', aPayment('pi_status', { status: 'dreaming' }));
  expect(await paymentOf('pi_status')).toMatchObject({ status: 'UNKNOWN', stripe_status: 'dreaming' });
});

it('keeps what is newest, whatever comes late', async () => {
  await bring('succeeded', aPayment('pi_late'));
  ingestion.stripe.objects.set('pi_late', aPayment('pi_late'));
  expect(await bring('payment_failed', aDeclinedPayment('pi_late', 'ch_9'), { created: second - 100 })).toBe('applied');
  expect(await paymentOf('pi_late')).toMatchObject({ status: 'SUCCEEDED', last_error_code: null });
  expect(await factsOf('pi_late')).toMatchObject([{ type: 'payment.succeeded' }]);
});

it('reads the older shape, brings the invoice that only it names, and keeps it', async () => {
  ingestion.stripe.objects.set('in_1', anInvoice('in_1', { parent: null, lines: linesOf() }));
  ingestion.stripe.asked.length = 0;
  await bring('succeeded', aPayment('pi_old', { invoice: 'in_1' }), { api_version: '2023-08-16' });
  await bring('succeeded', aPayment('pi_old', { description: 'newest shape' }));
  const [invoice] = await ingestion.rows(`select id from invoice where stripe_invoice_id = 'in_1'`);
  const marked = { stripe_invoice_id: 'in_1', invoice_id: invoice!.id };
  expect(await paymentOf('pi_old')).toMatchObject({ ...marked, description: 'newest shape' });
  expect(ingestion.stripe.asked).toEqual(['in_1']);

  await bring('succeeded', aPayment('pi_gone', { invoice: 'in_gone' }), { api_version: '2023-08-16' });
  expect(await paymentOf('pi_gone')).toMatchObject({ stripe_invoice_id: 'in_gone', invoice_id: null });
});

it('fetches what comes in a shape that nobody here knows', async () => {
  ingestion.stripe.objects.set('pi_strange', aPayment('pi_strange'));
  await bring(
    'succeeded',
    { id: 'pi_strange', object: 'payment_intent', sum: { usd: '20.00' } },
    { api_version: '2031-01-01' },
  );
  expect(await paymentOf('pi_strange')).toMatchObject({ amount: '2000' });
});

it('fetches what comes from the future, which is that of a test clock', async () => {
  ingestion.stripe.objects.set('pi_clock', aPayment('pi_clock'));
  await bring('payment_failed', aDeclinedPayment('pi_clock', 'ch_c'), { created: 4_000_000_000 });
  expect(await paymentOf('pi_clock')).toMatchObject({ status: 'SUCCEEDED' });
});

it('touches updated_at only where something changed', async () => {
  await bring('succeeded', aPayment('pi_same'));
  const before = await paymentOf('pi_same');
  await bring('succeeded', aPayment('pi_same'));
  expect(await paymentOf('pi_same')).toMatchObject({ updated_at: before!.updated_at, evidence: String(second) });
});

describe("a guest's payment", () => {
  it('belongs to the project that its metadata names', async () => {
    expect(await bring('succeeded', aPayment('pi_guest', { customer: null, metadata: ours }))).toBe('applied');
    expect(await paymentOf('pi_guest')).toMatchObject({
      project_id: ours.billgraph_project_id,
      customer_id: null,
      metadata: {},
    });
  });

  it('is unrouted without it, or where it names a project of another team', async () => {
    const { projectIds } = await ingestion.newConnection();
    const theirs = { billgraph_project_id: projectIds[0] };
    expect(await bring('succeeded', aPayment('pi_nobody', { customer: null }))).toBe('unrouted');
    expect(await bring('succeeded', aPayment('pi_theirs', { customer: null, metadata: theirs }))).toBe('unrouted');
    expect(await paymentOf('pi_theirs')).toBeUndefined();
  });

  it('stays in its project when a customer of another one is set: that project does not see the customer', async () => {
    const sister = { billgraph_project_id: connection.projectIds[1]! };
    ingestion.stripe.objects.set('cus_sister', aCustomer('cus_sister', { metadata: sister }));
    await bring('processing', aPayment('pi_set', { customer: null, metadata: ours, status: 'processing' }));
    await bring('succeeded', aPayment('pi_set', { customer: 'cus_sister', metadata: ours }));
    expect(await paymentOf('pi_set')).toMatchObject({ project_id: ours.billgraph_project_id, customer_id: null });
  });
});

describe('a customer without a project', () => {
  it('leaves its payments unrouted, until it is assigned', async () => {
    ingestion.stripe.objects.set('cus_nobody', aCustomer('cus_nobody'));
    const payment = aPayment('pi_waits', { customer: 'cus_nobody' });
    expect(await bring('succeeded', payment)).toBe('unrouted');
    ingestion.stripe.objects.set('pi_waits', payment);
    const assigned = aCustomer('cus_nobody', { metadata: ours });
    ingestion.stripe.objects.set('cus_nobody', assigned);
    expect(await bring('succeeded', payment)).toBe('applied');
    expect(await paymentOf('pi_waits')).toMatchObject({ stripe_customer_id: 'cus_nobody' });
    expect(await factsOf('pi_waits')).toHaveLength(1);
  });

  it('is taken in with a payment that names one', async () => {
    ingestion.stripe.objects.set('cus_named', aCustomer('cus_named'));
    expect(await bring('succeeded', aPayment('pi_named', { customer: 'cus_named', metadata: ours }))).toBe('applied');
    expect(await paymentOf('pi_named')).toMatchObject({ stripe_customer_id: 'cus_named' });
  });
});

it('has a row for each connection that knows the same id', async () => {
  const other = await ingestion.newConnection();
  const theirs = { billgraph_project_id: other.projectIds[0]! };
  await deliver(
    ingestion,
    other,
    anEvent('payment_intent.succeeded', aPayment('pi_new', { customer: null, metadata: theirs })),
  );
  await ingestion.worker.idle();
  const rows = await ingestion.rows(
    `select project_id from payment where stripe_payment_intent_id = 'pi_new' order by id`,
  );
  expect(rows.map(({ project_id }) => project_id)).toEqual([ours.billgraph_project_id, other.projectIds[0]]);
});
