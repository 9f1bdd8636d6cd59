import { afterAll, beforeAll, expect, it } from 'vitest';
import { CheckoutSession } from '../../src/billing/checkout/checkout-session.entity.ts';
import { Customer } from '../../src/billing/customers/customer.entity.ts';
import { newId } from '../../src/ids.ts';
import { anEvent, deliver, type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';
import { asOf2023 } from './old-shapes.ts';
import {
  aCheckoutSession,
  aCustomer,
  aLine,
  anInvoice,
  anItem,
  aPrice,
  aProduct,
  aSingleLine,
  aSubscription,
  itemsOf,
  linesOf,
} from './stripe-objects.ts';

/**
 * The same life, told in two versions of Stripe's API to two connections: the rows are the same, and Stripe is asked for
 * nothing. What comes in any other version is fetched.
 */
let ingestion: Ingestion;
let now: TestConnection;
let then: TestConnection;
beforeAll(async () => {
  ingestion = await startIngestion();
  now = await ingestion.newConnection();
  then = await ingestion.newConnection();
});
afterAll(() => ingestion.close());

let second = 1_790_000_000;

const item = anItem('si_1', 'price_1', { quantity: 3, current_period_start: 1_790_000_000 });
const metered = anItem('si_2', 'price_2', { quantity: undefined, current_period_start: 1_790_000_000 });
const details = { invoice_item: 'ii_1', proration: true, subscription: 'sub_1', subscription_item: 'si_1' };
const proration = aLine('il_2', {
  amount: -700,
  parent: { type: 'subscription_item_details', subscription_item_details: details, invoice_item_details: null },
  taxes: [{ amount: -100, tax_behavior: 'exclusive' }, { amount: -33 }],
});
const paid = {
  status: 'paid',
  amount_paid: 1500,
  amount_remaining: 0,
  attempt_count: 2,
  total_taxes: [{ amount: 119, tax_behavior: 'exclusive' }],
  status_transitions: {
    finalized_at: 1_790_000_000,
    paid_at: 1_790_000_100,
    voided_at: null,
    marked_uncollectible_at: null,
  },
  lines: linesOf(aLine('il_1'), proration, aSingleLine('il_3')),
};

/** What Stripe tells, in order: the type of the event, and the object in the newest shape. */
const life: [type: string, object: Record<string, unknown>][] = [
  ['product.created', aProduct('prod_1', { description: 'All of it' })],
  ['price.created', aPrice('price_1', { nickname: 'Monthly', lookup_key: 'monthly' })],
  ['price.created', aPrice('price_2', { unit_amount: null, unit_amount_decimal: '0.5' })],
  [
    'customer.subscription.created',
    aSubscription('sub_1', { items: itemsOf(item, metered), trial_end: 1_790_000_000 }),
  ],
  [
    'customer.subscription.updated',
    aSubscription('sub_1', {
      items: itemsOf(item, metered),
      status: 'past_due',
      pause_collection: { behavior: 'void', resumes_at: 1_791_000_000 },
    }),
  ],
  ['invoice.finalized', anInvoice('in_1', { next_payment_attempt: 1_790_009_000, due_date: 1_790_100_000 })],
  ['invoice.payment_failed', anInvoice('in_1', { attempt_count: 1, next_payment_attempt: 1_790_009_000 })],
  ['invoice.paid', anInvoice('in_1', paid)],
  ['invoice.finalized', anInvoice('in_2', { parent: null, lines: linesOf(aSingleLine('il_4')) })],
  ['checkout.session.completed', aCheckoutSession('cs_1')],
  ['price.deleted', aPrice('price_2', { unit_amount: null, unit_amount_decimal: '0.5' })],
];

const tables = [
  'customer',
  'product',
  'price',
  'subscription',
  'subscription_item',
  'checkout_session',
  'invoice',
  'invoice_line',
  'billing_event',
];

/** Rows of one connection's project, without what belongs to it alone; ids of ours stand by their order. */
async function rowsOf({ projectIds }: TestConnection) {
  const found = await Promise.all(
    tables.map((table) =>
      ingestion.rows<{ row: Record<string, unknown> }>(
        `select to_jsonb(t) as row from ${table} t where project_id = $1 order by id`,
        [projectIds[0]],
      ),
    ),
  );
  const ids = new Map<unknown, string>();
  for (const [index, rows] of found.entries())
    for (const [place, { row }] of rows.entries()) ids.set(row.id, `${tables[index]} ${place}`);
  const text = JSON.stringify(
    Object.fromEntries(
      found.map((rows, index) => [
        tables[index],
        rows.map(({ row: { project_id: _p, connection_id: _c, updated_at: _u, created_at: _a, ...row } }) => row),
      ]),
    ),
  );
  return JSON.parse([...ids].reduce((sum, [id, name]) => sum.replaceAll(String(id), name), text));
}

async function tell(connection: TestConnection, view: (object: any) => object, fields: object) {
  second = 1_790_000_000;
  const customer = aCustomer('cus_1', { metadata: { billgraph_project_id: connection.projectIds[0], team: 'red' } });
  for (const [type, object] of [['customer.created', customer] as const, ...life]) {
    const isOurs = type.startsWith('checkout') && { metadata: { billgraph_id: await openSession(connection) } };
    const event = anEvent(type, view({ ...object, ...isOurs }), { created: ++second, ...fields });
    if (type.startsWith('price.')) ingestion.stripe.follow(event);
    await deliver(ingestion, connection, event);
    await ingestion.worker.idle();
  }
}

/** A session that we opened, and whose state is to come. */
async function openSession({ id: connectionId, projectIds }: TestConnection) {
  const em = ingestion.orm.em.fork();
  const tenant = { projectId: projectIds[0]!, environment: 'TEST', connectionId } as const;
  const customer = await em.findOneOrFail(Customer, { connectionId });
  const session = em.create(CheckoutSession, { id: newId('pcs'), ...tenant, customer, mode: 'SUBSCRIPTION' });
  await em.flush();
  return session.id;
}

it('reads the newest shape and that of 2023-08-16 to the same rows, and asks Stripe for prices alone', async () => {
  await tell(now, (object) => object, {});
  await tell(then, asOf2023, { api_version: '2023-08-16' });
  const rows = await rowsOf(now);
  expect(await rowsOf(then)).toEqual(rows);
  expect([...new Set(ingestion.stripe.asked)]).toEqual(['price_1', 'price_2']);
  expect(Object.values<unknown[]>(rows).map((ofTable) => ofTable.length)).toEqual([1, 1, 2, 1, 2, 1, 2, 4, 6]);
  expect(rows.invoice[0]).toMatchObject({ subscription_id: 'subscription 0', tax: 119, status: 'PAID' });
  expect(rows.invoice_line[1]).toMatchObject({ proration: true, tax: -133, stripe_subscription_item_id: 'si_1' });
  expect(rows.subscription[0].current_period_end).toMatch(/^2026/);
  const outcomes = await ingestion.rows('select distinct outcome from inbound_event');
  expect(outcomes).toEqual([{ outcome: 'applied' }]);
});

it.each([
  ['customer.updated', () => aCustomer('cus_1', { name: 'Ada' }), 'customer', 'name'],
  ['product.updated', () => aProduct('prod_1', { name: 'Better' }), 'product', 'name'],
  ['price.updated', () => aPrice('price_1', { nickname: 'Better' }), 'price', 'nickname'],
  [
    'customer.subscription.updated',
    () => aSubscription('sub_1', { status: 'unpaid' }),
    'subscription',
    'stripe_status',
  ],
  ['invoice.updated', () => anInvoice('in_2', { parent: null, description: 'Better' }), 'invoice', 'description'],
])('fetches what %s tells in a version that is not known', async (type, make, table, column) => {
  const object: Record<string, unknown> = make();
  ingestion.stripe.objects.set(object.id as string, object as never);
  const asked = ingestion.stripe.asked.length;
  const strange = { id: object.id, object: object.object, everything: { is: ['elsewhere'] }, metadata: 'none' };
  const event = anEvent(type, strange, { created: ++second, api_version: '2031-01-01.future' });
  await deliver(ingestion, now, event);
  await ingestion.worker.idle();
  expect(ingestion.stripe.asked.slice(asked)).toContain(object.id);
  const [row] = await ingestion.rows(
    `select outcome, (select array_agg(${column}) from ${table} where connection_id = $2) as values
     from inbound_event where event_id = $1`,
    [event.id, now.id],
  );
  const key = column === 'stripe_status' ? 'status' : column;
  expect(row).toMatchObject({ outcome: 'applied', values: expect.arrayContaining([object[key]]) });
});
