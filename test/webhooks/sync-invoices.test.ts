import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, deliver, type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';
import {
  aCustomer,
  aLine,
  anInvoice,
  aPrice,
  aProduct,
  aSingleLine,
  aSubscription,
  linesOf,
} from './stripe-objects.ts';

let ingestion: Ingestion;
let connection: TestConnection;
let ours: { billgraph_project_id: string };
beforeAll(async () => {
  ingestion = await startIngestion();
  connection = await ingestion.newConnection({ projects: 2 });
  ours = { billgraph_project_id: connection.projectIds[0]! };
  const { objects } = ingestion.stripe;
  objects.set('cus_1', aCustomer('cus_1', { metadata: ours }));
  objects.set('prod_1', aProduct('prod_1', { metadata: ours }));
  objects.set('price_1', aPrice('price_1'));
  objects.set('sub_1', aSubscription('sub_1'));
});
afterAll(() => ingestion.close());

let second = 1_790_000_000;

async function bring(type: string, object: object, fields: object = {}) {
  const event = anEvent(`invoice.${type}`, object, { created: ++second, ...fields });
  await deliver(ingestion, connection, event);
  await ingestion.worker.idle();
  const [row] = await ingestion.rows('select outcome from inbound_event where event_id = $1', [event.id]);
  return row!.outcome;
}

const draft = (id: string, fields: object = {}) =>
  anInvoice(id, {
    status: 'draft',
    number: null,
    status_transitions: { finalized_at: null, paid_at: null, voided_at: null, marked_uncollectible_at: null },
    ...fields,
  });
/** It bills no subscription. */
const alone = (id: string, fields: object = {}) =>
  anInvoice(id, { parent: null, billing_reason: 'manual', lines: linesOf(aSingleLine(`il_${id}`)), ...fields });

async function invoiceOf(id: string) {
  const [row] = await ingestion.rows(
    `select i.*, c.stripe_customer_id, s.stripe_subscription_id, extract(epoch from i.finalized_at)::int as finalized
     from invoice i join customer c on c.id = i.customer_id left join subscription s on s.id = i.subscription_id
     where stripe_invoice_id = $1`,
    [id],
  );
  return row;
}

const linesIn = (id: string) =>
  ingestion.rows(
    `select l.*, p.stripe_price_id as price from invoice_line l join invoice i on i.id = l.invoice_id
     left join price p on p.id = l.price_id where stripe_invoice_id = $1 order by l.id`,
    [id],
  );

/** As pg reads an instant. */
const at = (seconds: number) => new Date(seconds * 1000).toISOString().replace('T', ' ').replace('.000Z', '+00');

const askedSince = (count: number) => [...ingestion.stripe.asked.slice(count)].sort();

it('brings an invoice of which nothing is known, after its customer, subscription, price and product', async () => {
  const object = anInvoice('in_new', {
    metadata: { order: '7', ...ours },
    total_taxes: [{ amount: 120 }, { amount: 80 }],
    due_date: 1_790_100_000,
    description: 'Thank you',
  });
  expect(await bring('finalized', object)).toBe('applied');
  expect(askedSince(0)).toEqual(['cus_1', 'price_1', 'prod_1', 'sub_1']);
  expect(await invoiceOf('in_new')).toMatchObject({
    id: expect.stringMatching(/^inv_/),
    project_id: ours.billgraph_project_id,
    environment: 'TEST',
    stripe_customer_id: 'cus_1',
    stripe_subscription_id: 'sub_1',
    number: 'ACME-0001',
    status: 'OPEN',
    stripe_status: 'open',
    billing_reason: 'SUBSCRIPTION_CYCLE',
    collection_method: 'CHARGE_AUTOMATICALLY',
    currency: 'USD',
    subtotal: '1500',
    tax: '200',
    total: '1500',
    amount_due: '1500',
    amount_paid: '0',
    amount_remaining: '1500',
    attempt_count: 0,
    next_payment_attempt: null,
    period_start: at(1_787_400_000),
    period_end: at(1_790_000_000),
    due_date: at(1_790_100_000),
    finalized: 1_790_000_000,
    paid_at: null,
    hosted_invoice_url: 'https://invoice.stripe.com/i/in_new',
    invoice_pdf: 'https://pay.stripe.com/invoice/in_new/pdf',
    description: 'Thank you',
    metadata: { order: '7' },
    created_at: at(1_780_000_000),
  });
  expect(await linesIn('in_new')).toMatchObject([
    {
      project_id: ours.billgraph_project_id,
      price: 'price_1',
      stripe_line_id: 'il_in_new',
      stripe_subscription_item_id: 'si_1',
      description: '1 × Pro (at $15.00 / month)',
      amount: '1500',
      currency: 'USD',
      quantity: '1',
      tax: '0',
      proration: false,
      period_end: at(1_792_600_000),
    },
  ]);
});

it('asks Stripe for nothing where all is known', async () => {
  const asked = ingestion.stripe.asked.length;
  await bring('created', draft('in_life'));
  expect(await invoiceOf('in_life')).toMatchObject({ status: 'DRAFT', number: null, finalized: null });
  await bring('finalized', anInvoice('in_life'));
  const status_transitions = { finalized_at: 1_790_000_000, paid_at: 1_790_000_009 };
  await bring(
    'paid',
    anInvoice('in_life', { status: 'paid', amount_paid: 1500, amount_remaining: 0, status_transitions }),
  );
  expect(await invoiceOf('in_life')).toMatchObject({
    status: 'PAID',
    amount_remaining: '0',
    paid_at: at(1_790_000_009),
  });
  expect(askedSince(asked)).toEqual([]);
});

it('follows lines that come, change and go', async () => {
  const two = aSingleLine('il_two', { amount: -300, quantity: null, taxes: [{ amount: -57 }] });
  await bring('created', draft('in_lines'));
  await bring('updated', draft('in_lines', { lines: linesOf(aLine('il_in_lines'), two) }));
  expect(await linesIn('in_lines')).toMatchObject([
    { stripe_line_id: 'il_in_lines' },
    {
      stripe_line_id: 'il_two',
      price: null,
      amount: '-300',
      quantity: null,
      tax: '-57',
      stripe_subscription_item_id: null,
    },
  ]);
  await bring('updated', draft('in_lines', { lines: linesOf({ ...two, amount: -200 }) }));
  expect(await linesIn('in_lines')).toMatchObject([{ stripe_line_id: 'il_two', amount: '-200' }]);
});

it('pages through more lines than an event holds', async () => {
  const lines = Array.from({ length: 25 }, (_, n) => aLine(`il_${String(n).padStart(2, '0')}`));
  const whole = anInvoice('in_long', { lines: linesOf(...lines) });
  ingestion.stripe.objects.set('in_long', whole);
  await bring('finalized', { ...whole, lines: { ...whole.lines, data: lines.slice(0, 10), has_more: true } });
  expect((await linesIn('in_long')).map(({ stripe_line_id }) => stripe_line_id)).toEqual(lines.map(({ id }) => id));
});

it('is kept without a price that Stripe no longer knows', async () => {
  const pricing = { type: 'price_details', price_details: { price: 'price_gone', product: 'prod_1' } };
  const lines = linesOf(aLine('il_kept'), aLine('il_gone', { pricing }));
  expect(await bring('finalized', anInvoice('in_gone', { lines }))).toBe('applied');
  expect(await linesIn('in_gone')).toMatchObject([
    { stripe_line_id: 'il_kept', price: 'price_1' },
    { stripe_line_id: 'il_gone', price: null, amount: '1500' },
  ]);
});

it('keeps a status that it does not know, as Stripe says it', async () => {
  await bring('updated', anInvoice('in_strange', { status: 'forgiven' }));
  expect(await invoiceOf('in_strange')).toMatchObject({ status: 'UNKNOWN', stripe_status: 'forgiven' });
});

it('never keeps what is only upcoming', async () => {
  expect(await bring('upcoming', draft('upcoming_in_1'))).toBe('ignored');
  const { id: _, ...nameless } = draft('in_none');
  expect(await bring('upcoming', nameless, { api_version: '2023-08-16' })).toBe('ignored');
  expect(await ingestion.rows(`select 1 from invoice where stripe_invoice_id like 'upcoming%'`)).toEqual([]);
});

describe('a draft that is deleted', () => {
  it('goes, with its lines', async () => {
    ingestion.stripe.objects.set('in_draft', draft('in_draft', alone('in_draft', { status: 'draft' })));
    await bring('created', ingestion.stripe.objects.get('in_draft')!);
    expect(await linesIn('in_draft')).toHaveLength(1);
    ingestion.stripe.objects.delete('in_draft');
    expect(await bring('deleted', draft('in_draft'))).toBe('applied');
    expect(await invoiceOf('in_draft')).toBeUndefined();
    expect(await ingestion.rows("select 1 from invoice_line where stripe_line_id = 'il_in_draft'")).toEqual([]);
  });

  it('does not come back with a late event', async () => {
    const object = alone('in_late', { status: 'draft' });
    expect(await bring('deleted', object)).toBe('ignored');
    expect(await bring('created', object, { created: second - 1 })).toBe('ignored');
    expect(await bring('updated', object, { created: second + 1 })).toBe('ignored');
    expect(await invoiceOf('in_late')).toBeUndefined();
  });
});

it('does not go because Stripe says that there is no such invoice, unless it is a draft', async () => {
  await bring('finalized', alone('in_stays'));
  const { object: _, ...event } = anEvent('invoice.updated', alone('in_stays'), { created: second });
  await deliver(ingestion, connection, { ...event, object: 'event' });
  await ingestion.worker.idle();
  expect(ingestion.stripe.asked.at(-1)).toBe('in_stays');
  expect(await invoiceOf('in_stays')).toMatchObject({ status: 'OPEN' });
});

describe('of a customer who belongs to no project', () => {
  it('is unrouted', async () => {
    ingestion.stripe.objects.set('cus_nobody', aCustomer('cus_nobody'));
    expect(await bring('finalized', alone('in_nobody', { customer: 'cus_nobody' }))).toBe('unrouted');
    expect(await bring('finalized', alone('in_nameless', { customer: null }))).toBe('unrouted');
    expect(await invoiceOf('in_nobody')).toBeUndefined();
  });

  it.each(['invoice', 'subscription'])('is taken in where the metadata of the %s name one', async (where) => {
    const customer = `cus_guest_${where}`;
    ingestion.stripe.objects.set(customer, aCustomer(customer));
    ingestion.stripe.objects.set(`sub_${where}`, aSubscription(`sub_${where}`, { customer }));
    const there = { billgraph_project_id: connection.projectIds[1]! };
    const details = { subscription: `sub_${where}`, metadata: where === 'subscription' ? there : {} };
    const fields = {
      customer,
      metadata: where === 'invoice' ? there : {},
      parent: { type: 'subscription_details', subscription_details: details },
    };
    expect(await bring('finalized', anInvoice(`in_${where}`, fields))).toBe('applied');
    expect(await invoiceOf(`in_${where}`)).toMatchObject({
      project_id: there.billgraph_project_id,
      stripe_subscription_id: `sub_${where}`,
    });
  });
});

it('brings a subscription and its invoices that come at once, without failing each other', async () => {
  ingestion.stripe.objects.set('sub_many', aSubscription('sub_many'));
  const parent = { type: 'subscription_details', subscription_details: { subscription: 'sub_many', metadata: {} } };
  const events = Array.from({ length: 24 }, (_, n) =>
    anEvent('invoice.paid', anInvoice(`in_many_${n}`, { parent }), { created: second }),
  );
  const created = anEvent('customer.subscription.created', aSubscription('sub_many'), { created: second });
  await Promise.all([...events, created].map((event) => deliver(ingestion, connection, event)));
  await ingestion.worker.idle();
  const [row] = await ingestion.rows(
    `select count(*)::int from invoice i join subscription s on s.id = i.subscription_id where stripe_subscription_id = 'sub_many'`,
  );
  expect(row).toEqual({ count: 24 });
  expect(await ingestion.rows('select key, last_error from lane')).toEqual([]);
});
