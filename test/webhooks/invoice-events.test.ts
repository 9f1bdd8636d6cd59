import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventsOf } from './billing-events.rig.ts';
import { anEvent, deliver, type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';
import { aCustomer, anInvoice, aPrice, aProduct, aSubscription } from './stripe-objects.ts';

let ingestion: Ingestion;
let connection: TestConnection;
beforeAll(async () => {
  ingestion = await startIngestion();
  connection = await ingestion.newConnection();
  const { objects } = ingestion.stripe;
  objects.set('cus_1', aCustomer('cus_1', { metadata: { billgraph_project_id: connection.projectIds[0] } }));
  objects.set('prod_1', aProduct('prod_1'));
  objects.set('price_1', aPrice('price_1'));
  objects.set('sub_1', aSubscription('sub_1'));
});
afterAll(() => ingestion.close());

const start = 1_790_000_000;
let second = start;

const none = { finalized_at: null, paid_at: null, voided_at: null, marked_uncollectible_at: null };
const finalized = { ...none, finalized_at: start };
const draft = { status: 'draft', number: null, status_transitions: none };
const paid = { status: 'paid', amount_paid: 1500, amount_remaining: 0, attempt_count: 1 };
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

/** @returns the events so far, with the row's id taken out of their keys. */
async function bring(type: string, id: string, fields: Record<string, unknown>, ofEvent: object = {}) {
  const event = anEvent(`invoice.${type}`, anInvoice(id, fields), { created: ++second, ...ofEvent });
  await deliver(ingestion, connection, event);
  await ingestion.worker.idle();
  return told(id);
}

async function told(id: string) {
  const [row] = await ingestion.rows('select id from invoice where stripe_invoice_id = $1', [id]);
  const events = await eventsOf(ingestion, row!.id as string);
  return events.map(({ business_key, type: _, ...event }) => ({
    ...event,
    key: business_key.replace(`/${row!.id}`, ''),
  }));
}

const usd = (amount: number) => ({ amount: String(amount), currency: 'USD' });

it('tells of nothing while it is a draft', async () => {
  expect(await bring('created', 'in_draft', draft)).toEqual([]);
  expect(await bring('updated', 'in_draft', { ...draft, total: 1600, amount_due: 1600 })).toEqual([]);
});

it('tells of a life that ends paid, each fact once', async () => {
  await bring('created', 'in_paid', draft);
  await bring('finalized', 'in_paid', { status_transitions: finalized });
  const done = { ...paid, status_transitions: { ...finalized, paid_at: start + 60 } };
  await bring('paid', 'in_paid', done);
  await bring('payment_succeeded', 'in_paid', done);
  expect(await bring('updated', 'in_paid', { ...done, metadata: { seen: 'yes' } })).toEqual([
    {
      key: 'invoice.finalized',
      before: { number: null, finalizedAt: null },
      after: { number: 'ACME-0001', finalizedAt: iso(start) },
      occurred: start,
    },
    {
      key: 'invoice.paid',
      before: { status: 'OPEN', paidAt: null, amountPaid: usd(0), amountRemaining: usd(1500) },
      after: { status: 'PAID', paidAt: iso(start + 60), amountPaid: usd(1500), amountRemaining: usd(0) },
      occurred: start + 60,
    },
  ]);
});

it('tells of what came to pass before it was first seen', async () => {
  const transitions = { ...finalized, marked_uncollectible_at: start + 10, paid_at: start + 20 };
  expect(await bring('paid', 'in_whole', { ...paid, status_transitions: transitions })).toEqual([
    expect.objectContaining({
      key: 'invoice.finalized',
      before: null,
      after: { number: 'ACME-0001', finalizedAt: iso(start), dueDate: null, total: usd(1500), amountDue: usd(1500) },
      occurred: start,
    }),
    expect.objectContaining({ key: 'invoice.marked_uncollectible', occurred: start + 10 }),
    expect.objectContaining({ key: 'invoice.paid', before: null, occurred: start + 20 }),
  ]);
});

it.each([
  ['voided', 'void', 'voided_at', 'VOID', 'voidedAt'],
  ['marked_uncollectible', 'uncollectible', 'marked_uncollectible_at', 'UNCOLLECTIBLE', 'markedUncollectibleAt'],
])('tells that it was %s', async (word, status, column, ours, name) => {
  await bring('finalized', `in_${word}`, { status_transitions: finalized });
  const events = await bring(word, `in_${word}`, { status, status_transitions: { ...finalized, [column]: start + 5 } });
  expect(events.slice(1)).toEqual([
    {
      key: `invoice.${word}`,
      before: { status: 'OPEN', [name]: null },
      after: { status: ours, [name]: iso(start + 5) },
      occurred: start + 5,
    },
  ]);
});

it('tells of each attempt that failed once, also where the events come late, doubled and in any order', async () => {
  const object = (attempt_count: number) => ({
    status_transitions: finalized,
    attempt_count,
    next_payment_attempt: start + attempt_count * 1_000,
  });
  const at = (attempt: number) => ({ created: second + 100 + attempt });
  const times = [1, 2, 3].map(at);
  ingestion.stripe.objects.set('in_fails', anInvoice('in_fails', object(3)));
  for (const attempt of [3, 1, 2, 1]) await bring('payment_failed', 'in_fails', object(attempt), times[attempt - 1]);
  const done = { ...paid, attempt_count: 4, status_transitions: { ...finalized, paid_at: start + 9_000 } };
  const events = await bring('paid', 'in_fails', done, { created: second + 1_000 });
  const failures = events.filter(({ key }) => key.startsWith('invoice.payment_failed'));
  expect(failures.sort((a, b) => (a.key < b.key ? -1 : 1))).toEqual(
    [1, 2, 3].map((attempt) => ({
      key: `invoice.payment_failed/${attempt}`,
      before: { attemptCount: attempt - 1 },
      after: { attemptCount: attempt, nextPaymentAttempt: iso(start + attempt * 1_000) },
      occurred: times[attempt - 1]!.created,
    })),
  );
  expect(events.map(({ key }) => key).filter((key) => key === 'invoice.paid')).toHaveLength(1);
});

it('does not take an attempt that is under way for one that failed', async () => {
  await bring('finalized', 'in_debit', { status_transitions: finalized });
  const events = await bring('updated', 'in_debit', { status_transitions: finalized, attempt_count: 1 });
  expect(events.map(({ key }) => key)).toEqual(['invoice.finalized']);
});
