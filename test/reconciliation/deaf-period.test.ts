import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { routingMetadata } from '../../src/tenant.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { compareByHand } from './compare-by-hand.ts';
import { driftOf, forgetEvents, reconcile, rowsOf, setDeaf } from './reconciliation.rig.ts';

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const changes = Number(process.env.CHANGES ?? 60);
const hours = 72;

let billgraph: Billgraph;
beforeAll(async () => {
  billgraph = await startBillgraph();
});
afterAll(() => billgraph.close());

it(`after ${hours} deaf hours one reconciliation makes every row equal Stripe's object (SEED=${seed} CHANGES=${changes})`, {
  timeout: 240_000,
}, async () => {
  const random = mulberry(seed);
  const tenant = await createTenant(billgraph);
  const { stripe } = tenant;
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: Math.floor(Date.now() / 1000) });
  const account = await populate(tenant, clock.id);
  await billgraph.settled();
  expect((await compareByHand(billgraph, tenant)).different).toEqual([]);

  await setDeaf(tenant, true);
  for (let change = 0; change < changes; change++) await changeSomething(tenant, account, clock.id, random);
  await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: clock.frozen_time + hours * 3600 });
  await billgraph.settled();
  const deaf = await compareByHand(billgraph, tenant);
  expect(deaf.different.length).toBeGreaterThan(5);

  // Of payments the deaf period is so long that Stripe has no events of it any more: the lists alone tell.
  await forgetEvents(billgraph, '^(charge|payment_)');
  const before = await inboxOf(tenant);
  await reconcile(billgraph, tenant);
  const after = await compareByHand(billgraph, tenant);
  const report = await driftOf(billgraph, tenant);
  expect(after.different).toEqual([]);
  expect(report).toMatchObject({ open: 0, isRunning: false, lastError: null });
  const recovered = (await inboxOf(tenant)) - before;
  const reasons = Map.groupBy(report.items, ({ reason }) => reason);
  process.stdout.write(
    `deaf period: seed ${seed}, ${changes} changes, ${hours} h of a clock, ${recovered} events missed, ` +
      `${deaf.different.length} of ${after.compared} objects differed, 0 after; ` +
      `${report.totalCount} findings (${[...reasons].map(([reason, items]) => `${items.length} ${reason}`).join(', ')})\n`,
  );

  // A second look finds nothing that the first one left.
  await reconcile(billgraph, tenant, { dryRun: true });
  expect(await driftOf(billgraph, tenant)).toMatchObject({ open: 0, totalCount: report.totalCount });
});

type Account = { prices: string[]; customers: string[]; subscriptions: string[] };

/** Customers on Stripe's time and on a clock's, each with a subscription. */
async function populate(tenant: TestTenant, clock: string): Promise<Account> {
  const prices = [(await createPrice(tenant)).id, (await createPrice(tenant, { unitAmount: 900 })).id];
  const account: Account = { prices, customers: [], subscriptions: [] };
  for (let index = 0; index < 10; index++) await addCustomer(tenant, account, index % 2 ? clock : undefined);
  return account;
}

async function addCustomer(tenant: TestTenant, account: Account, test_clock?: string) {
  const { stripe } = tenant;
  const email = `customer${account.customers.length}@example.com`;
  const { id } = await stripe.customers.create({ email, test_clock, metadata: routingMetadata(tenant) });
  account.customers.push(id);
  await addSubscription(tenant, account, id, account.prices[0]!);
}

async function addSubscription({ stripe }: TestTenant, account: Account, customer: string, price: string) {
  const card = await stripe.paymentMethods.attach('pm_card_visa', { customer });
  const trial = account.subscriptions.length % 3 ? {} : { trial_period_days: 2 };
  const items = [{ price }];
  const { id } = await stripe.subscriptions.create({ customer, items, default_payment_method: card.id, ...trial });
  account.subscriptions.push(id);
}

async function changeSomething(tenant: TestTenant, account: Account, clock: string, random: () => number) {
  const { stripe } = tenant;
  const pick = <Value>(values: Value[]) => values[Math.floor(random() * values.length)]!;
  const word = random().toString(36).slice(2, 8);
  const subscription = async (change: (id: string, now: Stripe.Subscription) => Promise<unknown>) => {
    const now = await stripe.subscriptions.retrieve(pick(account.subscriptions));
    if (now.status !== 'canceled') await change(now.id, now);
  };
  await pick<() => Promise<unknown>>([
    () => stripe.customers.update(pick(account.customers), { name: word }),
    () => addCustomer(tenant, account, random() < 0.5 ? clock : undefined),
    async () => account.prices.push((await createPrice(tenant, { unitAmount: 100 + Math.floor(random() * 9_000) })).id),
    () => stripe.prices.update(pick(account.prices), { nickname: word }),
    async () =>
      stripe.products.update((await stripe.prices.retrieve(pick(account.prices))).product as string, { name: word }),
    () => subscription((id) => stripe.subscriptions.cancel(id)),
    () => subscription((id) => stripe.subscriptions.update(id, { cancel_at_period_end: random() < 0.5 })),
    () => subscription((id) => stripe.subscriptions.update(id, { metadata: { plan: word } })),
    () =>
      subscription((id, { items }) =>
        stripe.subscriptions.update(id, {
          items: [{ id: items.data[0]!.id, price: pick(account.prices), quantity: 1 + Math.floor(random() * 9) }],
        }),
      ),
    () => invoiceSomething(tenant, account, random),
    () => invoiceSomething(tenant, account, random),
    () => pay(tenant, pick(account.customers), pick(['pm_card_visa', 'pm_card_chargeDeclined'])),
    () => pay(tenant, pick(account.customers), 'pm_card_createDispute'),
    () => refundSomething(tenant, random),
    async () => {
      const [method] = (await stripe.customers.listPaymentMethods(pick(account.customers))).data;
      if (method) await stripe.paymentMethods.update(method.id, { metadata: { word } });
    },
    async () => {
      const { id } = await stripe.paymentMethods.attach('pm_card_mastercard', { customer: pick(account.customers) });
      if (random() < 0.5) await stripe.paymentMethods.detach(id);
    },
    async () => {
      const customer = await stripe.customers.retrieve(pick(account.customers));
      if (!customer.deleted) await addSubscription(tenant, account, customer.id, pick(account.prices));
    },
  ])();
}

async function pay({ stripe }: TestTenant, customer: string, payment_method: string) {
  const automatic_payment_methods = { enabled: true, allow_redirects: 'never' } as const;
  await stripe.paymentIntents
    .create({ amount: 1_500, currency: 'usd', customer, payment_method, confirm: true, automatic_payment_methods })
    .catch((failure) => {
      if (failure.type !== 'StripeCardError') throw failure;
    });
}

async function refundSomething({ stripe }: TestTenant, random: () => number) {
  const { data } = await stripe.charges.list({ limit: 100 });
  const refundable = data.filter(({ paid, refunded, disputed }) => paid && !refunded && !disputed);
  const charge = refundable[Math.floor(random() * refundable.length)];
  if (charge) await stripe.refunds.create({ charge: charge.id, amount: 1 + Math.floor(random() * 100) });
}

/** A draft of single items, some of which are deleted, left, or go on to be paid, void or given up. */
async function invoiceSomething({ stripe }: TestTenant, account: Account, random: () => number) {
  const customer = await stripe.customers.retrieve(account.customers[Math.floor(random() * account.customers.length)]!);
  if (customer.deleted) return;
  const { id } = await stripe.invoices.create({ customer: customer.id, auto_advance: false });
  const lines = 1 + Math.floor(random() * 12);
  for (let line = 0; line < lines; line++)
    await stripe.invoiceItems.create({ customer: customer.id, invoice: id, amount: 100 + line, currency: 'usd' });
  const fate = Math.floor(random() * 6);
  if (fate === 0) await stripe.invoices.del(id);
  if (fate > 1) await stripe.invoices.finalizeInvoice(id);
  if (fate === 2) await stripe.invoices.voidInvoice(id);
  if (fate === 3) await stripe.invoices.markUncollectible(id);
  if (fate === 4) await stripe.invoices.pay(id, { paid_out_of_band: true });
  if (fate === 1) await stripe.invoices.update(id, { description: `No. ${lines}` });
}

const inboxOf = async ({ connectionId }: TestTenant) =>
  Number(
    (await rowsOf(billgraph, 'select count(*) from inbound_event where connection_id = $1', [connectionId]))[0].count,
  );

function mulberry(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
