import { afterAll, beforeAll, expect, it } from 'vitest';
import { anEvent, deliver, type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';
import { aPayment } from './payment-objects.ts';
import { aCustomer, anInvoice, linesOf } from './stripe-objects.ts';

let ingestion: Ingestion;
let connection: TestConnection;
beforeAll(async () => {
  ingestion = await startIngestion();
  connection = await ingestion.newConnection({ projects: 2 });
  const ours = { billgraph_project_id: connection.projectIds[0]! };
  ingestion.stripe.objects.set('cus_1', aCustomer('cus_1', { metadata: ours }));
});
afterAll(() => ingestion.close());

let second = 1_790_000_000;

const link = (name: string, fields: object = {}) => ({
  id: `inpay_${name}`,
  object: 'invoice_payment',
  amount_paid: 2_000,
  amount_requested: 2_000,
  created: 1_790_000_000,
  currency: 'usd',
  invoice: `in_${name}`,
  is_default: true,
  livemode: false,
  payment: { type: 'payment_intent', payment_intent: `pi_${name}` },
  status: 'paid',
  status_transitions: { canceled_at: null, paid_at: 1_790_000_000 },
  ...fields,
});
const invoice = (name: string) => anInvoice(`in_${name}`, { parent: null, lines: linesOf() });
const paidOf = (name: string) => anEvent('invoice.paid', invoice(name), { created: ++second });
const succeededOf = (name: string) =>
  anEvent('payment_intent.succeeded', aPayment(`pi_${name}`, { customer: 'cus_1' }), { created: ++second });
const linkedOf = (name: string, fields?: object) =>
  anEvent('invoice_payment.paid', link(name, fields), { created: ++second });

async function bring(...events: ReturnType<typeof anEvent>[]) {
  for (const event of events) await deliver(ingestion, connection, event);
  await ingestion.worker.idle();
  const ids = events.map(({ id }) => id);
  const rows = await ingestion.rows('select outcome from inbound_event where event_id = any($1) order by seq', [ids]);
  return rows.map(({ outcome }) => outcome);
}

const linked = async (name: string) =>
  (
    await ingestion.rows(
      `select p.stripe_invoice_id, i.stripe_invoice_id as invoice, l.amount_paid, l.stripe_status, l.project_id = i.project_id as fits
       from payment p left join invoice i on i.id = p.invoice_id left join invoice_payment l on l.payment_id = p.id
       where stripe_payment_intent_id = $1`,
      [`pi_${name}`],
    )
  )[0];

const orders: [string, (name: string) => ReturnType<typeof anEvent>[]][] = [
  ['last', (name) => [paidOf(name), succeededOf(name), linkedOf(name)]],
  ['first', (name) => [linkedOf(name), succeededOf(name), paidOf(name)]],
  ['between', (name) => [succeededOf(name), linkedOf(name), paidOf(name)]],
];

it.each(orders)(
  'the payment is marked with its invoice, where the link comes %s: together, and one by one',
  async (order, of) => {
    for (const name of [`${order}a`, `${order}b`]) {
      ingestion.stripe.objects.set(`in_${name}`, invoice(name));
      ingestion.stripe.objects.set(`pi_${name}`, aPayment(`pi_${name}`, { customer: 'cus_1' }));
    }
    expect(await bring(...of(`${order}a`))).toEqual(['applied', 'applied', 'applied']);
    for (const event of of(`${order}b`)) expect(await bring(event)).toEqual(['applied']);
    for (const name of [`${order}a`, `${order}b`])
      expect(await linked(name)).toEqual({
        stripe_invoice_id: `in_${name}`,
        invoice: `in_${name}`,
        amount_paid: '2000',
        stripe_status: 'paid',
        fits: true,
      });
  },
);

it('the mark stays where the payment is told of again', async () => {
  ingestion.stripe.objects.set('in_again', invoice('again'));
  await bring(paidOf('again'), succeededOf('again'), linkedOf('again'));
  await bring(succeededOf('again'));
  expect(await linked('again')).toMatchObject({ invoice: 'in_again' });
});

it('what was paid outside of Stripe marks no payment', async () => {
  const outside = { payment: { type: 'payment_record', payment_record: 'pr_1' } };
  expect(await bring(paidOf('cash'), linkedOf('cash', outside))).toEqual(['applied', 'applied']);
  const rows = await ingestion.rows(
    `select payment_id from invoice_payment where stripe_invoice_payment_id = 'inpay_cash'`,
  );
  expect(rows).toEqual([{ payment_id: null }]);
});

it('one that was taken back marks none', async () => {
  ingestion.stripe.objects.set('in_back', invoice('back'));
  await bring(paidOf('back'), succeededOf('back'), linkedOf('back', { status: 'canceled', amount_paid: null }));
  expect(await linked('back')).toMatchObject({ invoice: null, stripe_status: 'canceled' });
});

it("a stranger's belongs to nobody", async () => {
  ingestion.stripe.objects.set('cus_stranger', aCustomer('cus_stranger'));
  const theirs = { ...invoice('theirs'), customer: 'cus_stranger' };
  ingestion.stripe.objects.set('in_theirs', theirs);
  expect(await bring(linkedOf('theirs'))).toEqual(['unrouted']);
});
