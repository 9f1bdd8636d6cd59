import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { advance, at, customerOnClock, day, giveCard, history, historyOf, newYear, subscribe } from './clock.rig.ts';
import { refusal, startTestSandbox, stripeAt } from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

/** A draft of $20 for a customer with a card. */
async function draft(stripe: Stripe, more: Partial<Stripe.InvoiceCreateParams> = {}, number?: string) {
  const { clock, customer } = await customerOnClock(stripe, number);
  const item = await stripe.invoiceItems.create({ customer, amount: 2_000, currency: 'usd', description: 'Advice' });
  const invoice = await stripe.invoices.create({ customer, pending_invoice_items_behavior: 'include', ...more });
  return { clock, customer, item, invoice };
}

describe('an invoice', () => {
  it('takes what waits for it, is numbered when it stands, and is paid', async () => {
    const stripe = stripeAt(sandbox.url);
    const { customer, item, invoice } = await draft(stripe, { description: 'For advice', metadata: { a: '1' } });
    expect(invoice).toMatchObject({
      billing_reason: 'manual',
      description: 'For advice',
      lines: {
        data: [{ amount: 2_000, description: 'Advice', parent: { invoice_item_details: { invoice_item: item.id } } }],
      },
      number: null,
      status: 'draft',
      total: 2_000,
    });
    expect(await stripe.invoiceItems.retrieve(item.id)).toMatchObject({ invoice: invoice.id });
    const open = await stripe.invoices.finalizeInvoice(invoice.id, { expand: ['payments'] });
    expect(open).toMatchObject({ status: 'open', payments: { data: [{ status: 'open', amount_requested: 2_000 }] } });
    expect(open.number).toMatch(/^[A-Z0-9]{8}-0001$/);
    expect(open.hosted_invoice_url).toBe(`${sandbox.url}/i/${invoice.id}`);
    const paid = await stripe.invoices.pay(invoice.id);
    expect(paid).toMatchObject({ status: 'paid', amount_paid: 2_000, amount_remaining: 0, attempt_count: 1 });
    const [payment] = (await stripe.invoicePayments.list({ invoice: invoice.id })).data;
    expect(payment).toMatchObject({ status: 'paid', amount_paid: 2_000, is_default: true });
    const intent = payment!.payment.payment_intent as string;
    expect((await stripe.paymentIntents.retrieve(intent)).status).toBe('succeeded');
    const byIntent = { payment: { type: 'payment_intent' as const, payment_intent: intent } };
    expect((await stripe.invoicePayments.list(byIntent)).data).toMatchObject([{ id: payment!.id }]);
    expect((await stripe.invoicePayments.retrieve(payment!.id)).invoice).toBe(invoice.id);
    expect((await refusal(stripe.invoices.pay(invoice.id))).code).toBe('invoice_already_paid');
    const second = await stripe.invoices.create({ customer });
    expect((await stripe.invoices.finalizeInvoice(second.id)).number).toMatch(/-0002$/);
  });

  it('advances by itself where it is told to', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, invoice } = await draft(stripe, { auto_advance: true });
    expect(invoice.automatically_finalizes_at).toBe(newYear + 3_600);
    await advance(stripe, clock, newYear + 3_601);
    expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: 'paid' });
  });

  it('changes with its items while it is a draft', async () => {
    const stripe = stripeAt(sandbox.url);
    const { customer, item, invoice } = await draft(stripe);
    const price = await stripe.prices.create({ currency: 'usd', unit_amount: 700, product_data: { name: 'Cap' } });
    const cap = await stripe.invoiceItems.create({
      customer,
      invoice: invoice.id,
      pricing: { price: price.id },
      quantity: 3,
    });
    expect(cap).toMatchObject({ amount: 2_100, pricing: { price_details: { price: price.id } } });
    expect((await stripe.invoices.retrieve(invoice.id)).total).toBe(4_100);
    await stripe.invoiceItems.update(cap.id, { quantity: 1, metadata: { size: 'L' } });
    await stripe.invoiceItems.del(item.id);
    expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ total: 700, amount_due: 700 });
    expect((await stripe.invoices.listLineItems(invoice.id)).data).toMatchObject([{ amount: 700, quantity: 1 }]);
    await stripe.invoices.finalizeInvoice(invoice.id);
    expect((await refusal(stripe.invoiceItems.del(cap.id))).code).toBe('invoice_not_editable');
    expect((await refusal(stripe.invoices.update(invoice.id, { description: 'x' }))).code).toBe('invoice_not_editable');
    expect((await stripe.invoices.update(invoice.id, { metadata: { b: '2' } })).metadata).toEqual({ b: '2' });
    expect((await stripe.invoiceItems.list({ invoice: invoice.id })).data).toMatchObject([{ id: cap.id }]);
  });

  it('is void, or given up, and says so', async () => {
    const stripe = stripeAt(sandbox.url);
    const { invoice } = await draft(stripe);
    expect((await refusal(stripe.invoices.voidInvoice(invoice.id))).message).toContain('draft');
    await stripe.invoices.finalizeInvoice(invoice.id);
    expect(await stripe.invoices.markUncollectible(invoice.id)).toMatchObject({ status: 'uncollectible' });
    expect(await stripe.invoices.voidInvoice(invoice.id)).toMatchObject({
      status: 'void',
      status_transitions: { voided_at: newYear },
    });
    const [payment] = (await stripe.invoicePayments.list({ invoice: invoice.id })).data;
    expect(payment).toMatchObject({ status: 'canceled' });
    expect(await stripe.paymentIntents.retrieve(payment!.payment.payment_intent as string)).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'void_invoice',
    });
    for (const again of ['pay', 'voidInvoice', 'markUncollectible', 'finalizeInvoice', 'del'] as const) {
      expect((await refusal(stripe.invoices[again](invoice.id))).statusCode).toBe(400);
    }
    expect(
      await historyOf(stripe, 'invoice.marked_uncollectible', 'invoice.voided', 'payment_intent.canceled'),
    ).toEqual(['invoice.marked_uncollectible', 'payment_intent.canceled', 'invoice.voided']);
  });

  it('can be paid after it was given up, and elsewhere', async () => {
    const stripe = stripeAt(sandbox.url);
    const { invoice } = await draft(stripe);
    await stripe.invoices.finalizeInvoice(invoice.id);
    await stripe.invoices.markUncollectible(invoice.id);
    expect(await stripe.invoices.pay(invoice.id, { paid_out_of_band: true })).toMatchObject({
      status: 'paid',
      amount_paid: 2_000,
    });
    expect((await stripe.invoicePayments.list({ invoice: invoice.id, status: 'paid' })).data).toMatchObject([
      { payment: { type: 'payment_record' } },
    ]);
    expect(await historyOf(stripe, 'invoice.paid', 'invoice.payment_succeeded', 'charge.succeeded')).toEqual([
      'invoice.paid',
    ]);
  });

  it('that a card declines stays open', async () => {
    const stripe = stripeAt(sandbox.url);
    const { invoice } = await draft(stripe, {}, '4000000000000341');
    const error = await refusal(stripe.invoices.pay(invoice.id));
    expect(error).toMatchObject({ statusCode: 402, code: 'card_declined' });
    expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({
      status: 'open',
      attempt_count: 1,
      attempted: true,
    });
    expect(await historyOf(stripe, 'invoice.payment_failed', 'charge.failed')).toEqual([
      'charge.failed',
      'invoice.payment_failed',
    ]);
  });

  it('that needs its payer says so', async () => {
    const stripe = stripeAt(sandbox.url);
    const { invoice } = await draft(stripe, {}, '4000002760003184');
    const error = await refusal(stripe.invoices.pay(invoice.id));
    expect(error).toMatchObject({ statusCode: 402, code: 'invoice_payment_intent_requires_action' });
    expect((error.raw as { payment_intent: Stripe.PaymentIntent }).payment_intent.status).toBe('requires_action');
    expect(await historyOf(stripe, 'invoice.payment_action_required')).toHaveLength(1);
  });

  it('without a card is not paid', async () => {
    const stripe = stripeAt(sandbox.url);
    const { customer } = await customerOnClock(stripe, null);
    await stripe.invoiceItems.create({ customer, amount: 5, currency: 'usd' });
    const { id } = await stripe.invoices.create({ customer, pending_invoice_items_behavior: 'include' });
    expect((await refusal(stripe.invoices.pay(id))).message).toContain('default_payment_method');
  });

  it('is sent with a due date', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, invoice } = await draft(stripe, { collection_method: 'send_invoice', days_until_due: 7 });
    const sent = await stripe.invoices.sendInvoice(invoice.id);
    expect(sent).toMatchObject({ status: 'open', due_date: newYear + 7 * day });
    await advance(stripe, clock, newYear + 8 * day);
    expect((await history(stripe)).at(-1)).toMatchObject({ type: 'invoice.overdue', created: newYear + 7 * day });
    const early = stripe.invoices.create({ customer: sent.customer as string, days_until_due: 3 });
    expect((await refusal(early)).param).toBe('days_until_due');
  });

  it('that is only a draft can be deleted, and its items wait again', async () => {
    const stripe = stripeAt(sandbox.url);
    const { customer, item, invoice } = await draft(stripe);
    expect(await stripe.invoices.del(invoice.id)).toMatchObject({ deleted: true });
    expect((await stripe.invoiceItems.list({ customer, pending: true })).data).toMatchObject([{ id: item.id }]);
    expect((await refusal(stripe.invoices.retrieve(invoice.id))).statusCode).toBe(404);
  });

  it.each<[string, Partial<Stripe.InvoiceItemCreateParams>, string]>([
    ['nothing', { amount: undefined }, 'amount'],
    ['an unknown price', { amount: undefined, pricing: { price: 'price_none' } }, 'pricing'],
    ['nobody', { customer: 'cus_none' }, 'customer'],
    ['an unknown invoice', { invoice: 'in_none' }, 'invoice'],
  ])('item for %s is refused', async (_what, params, param) => {
    const stripe = stripeAt(sandbox.url);
    const { customer } = await customerOnClock(stripe);
    const error = await refusal(stripe.invoiceItems.create({ customer, amount: 5, currency: 'usd', ...params }));
    expect(error.statusCode).toBe(400);
    expect(error.param).toContain(param === 'pricing' ? 'price' : param);
  });
});

describe('a customer’s balance', () => {
  it('pays invoices as far as it goes, and comes back when they are void', async () => {
    const stripe = stripeAt(sandbox.url);
    const { customer, invoice } = await draft(stripe);
    const credit = await stripe.customers.createBalanceTransaction(customer, {
      amount: -1_500,
      currency: 'usd',
      description: 'Sorry',
    });
    expect(credit).toMatchObject({ amount: -1_500, ending_balance: -1_500, type: 'adjustment' });
    expect(await stripe.invoices.finalizeInvoice(invoice.id)).toMatchObject({
      amount_due: 500,
      ending_balance: 0,
      starting_balance: -1_500,
      total: 2_000,
    });
    await stripe.invoices.voidInvoice(invoice.id);
    expect(await stripe.customers.retrieve(customer)).toMatchObject({ balance: -1_500 });
    const entries = (await stripe.customers.listBalanceTransactions(customer)).data;
    expect(entries.map(({ type, amount }) => [type, amount])).toEqual([
      ['unapplied_from_invoice', -1_500],
      ['applied_to_invoice', 1_500],
      ['adjustment', -1_500],
    ]);
    const updated = await stripe.customers.updateBalanceTransaction(customer, credit.id, { description: 'Very sorry' });
    expect(updated.description).toBe('Very sorry');
    expect(await stripe.customers.retrieveBalanceTransaction(customer, credit.id)).toMatchObject({ id: credit.id });
    const wrong = stripe.customers.createBalanceTransaction(customer, { amount: 1, currency: 'zzz' });
    expect((await refusal(wrong)).param).toBe('currency');
    const { customer: stranger } = await customerOnClock(stripe);
    expect((await refusal(stripe.customers.retrieveBalanceTransaction(stranger, credit.id))).statusCode).toBe(404);
  });

  it('is one for each currency: an invoice takes from that of its own', async () => {
    const stripe = stripeAt(sandbox.url);
    const { customer, invoice } = await draft(stripe);
    await stripe.customers.createBalanceTransaction(customer, { amount: -500, currency: 'usd' });
    const euros = { amount: -700, currency: 'eur' };
    expect(await stripe.customers.createBalanceTransaction(customer, euros)).toMatchObject({ ending_balance: -700 });
    const known = { balance: -500, currency: 'usd' };
    expect(await stripe.customers.retrieve(customer)).toMatchObject(known);
    expect(await stripe.customers.retrieve(customer)).not.toHaveProperty('invoice_credit_balance');
    expect(await stripe.invoices.finalizeInvoice(invoice.id)).toMatchObject({ amount_due: 1_500, ending_balance: 0 });
    expect(await stripe.customers.retrieve(customer, { expand: ['invoice_credit_balance'] })).toMatchObject({
      balance: 0,
      invoice_credit_balance: { usd: 0, eur: -700 },
    });
  });

  it('of a customer who is deleted is not there', async () => {
    const stripe = stripeAt(sandbox.url);
    const { customer } = await customerOnClock(stripe);
    await stripe.customers.createBalanceTransaction(customer, { amount: -500, currency: 'usd' });
    await stripe.customers.del(customer);
    const gone = { statusCode: 404, code: 'resource_missing' };
    expect(await refusal(stripe.customers.listBalanceTransactions(customer))).toMatchObject(gone);
    const more = stripe.customers.createBalanceTransaction(customer, { amount: -500, currency: 'usd' });
    expect(await refusal(more)).toMatchObject(gone);
  });

  it('pays a renewal in full without a charge', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    const { id } = await subscribe(stripe, customer);
    await stripe.customers.createBalanceTransaction(customer, { amount: -2_000, currency: 'usd' });
    await advance(stripe, clock, at(2027, 2, 2));
    const [invoice] = (await stripe.invoices.list({ subscription: id })).data;
    expect(invoice).toMatchObject({ amount_due: 0, status: 'paid', total: 1_500 });
    expect(await stripe.customers.retrieve(customer)).toMatchObject({ balance: -500 });
    expect((await stripe.charges.list({ customer })).data).toHaveLength(1);
  });
});

describe('a discount', () => {
  it('lowers each invoice of a subscription, for as long as it lasts', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    const coupon = await stripe.coupons.create({ percent_off: 20, duration: 'repeating', duration_in_months: 2 });
    const { id } = await subscribe(stripe, customer, { discounts: [{ coupon: coupon.id }] });
    await stripe.invoiceItems.create({ customer, amount: 1_000, currency: 'usd' });
    const own = { customer, pending_invoice_items_behavior: 'include', discounts: [{ coupon: coupon.id }] } as const;
    expect(await stripe.invoices.create({ ...own, discounts: [...own.discounts] })).toMatchObject({
      subtotal: 1_000,
      total: 800,
    });
    await advance(stripe, clock, at(2027, 2, 20));
    await advance(stripe, clock, at(2027, 4, 2));
    const invoices = (await stripe.invoices.list({ subscription: id })).data;
    expect(invoices.map(({ subtotal, total }) => [subtotal, total])).toEqual([
      [1_500, 1_500],
      [1_500, 1_500],
      [1_500, 1_200],
      [1_500, 1_200],
    ]);
    expect(invoices[3]!.total_discount_amounts).toMatchObject([{ amount: 300 }]);
  });
});

it('invoice.upcoming shows a renewal a week before', async () => {
  const stripe = stripeAt(sandbox.url);
  const { clock, customer } = await customerOnClock(stripe);
  const { id } = await subscribe(stripe, customer);
  await advance(stripe, clock, at(2027, 1, 26));
  const upcoming = (await history(stripe)).at(-1)!;
  expect(upcoming).toMatchObject({ type: 'invoice.upcoming', created: at(2027, 1, 25) });
  expect(upcoming.data.object).toMatchObject({
    id: expect.stringMatching(/^upcoming_in_/),
    total: 1_500,
    status: 'draft',
  });
  expect((await stripe.invoices.list({ subscription: id })).data).toHaveLength(1);
  expect((await stripe.subscriptions.retrieve(id)).items.data[0]).toMatchObject({ current_period_end: at(2027, 2) });
});

describe('a preview', () => {
  it('shows the next renewal, a new subscription, and nothing where nothing comes', async () => {
    const stripe = stripeAt(sandbox.url);
    const { customer } = await customerOnClock(stripe);
    expect((await refusal(stripe.invoices.createPreview({ customer }))).code).toBe('invoice_upcoming_none');
    expect((await refusal(stripe.invoices.createPreview({}))).param).toBe('customer');
    const { id, items } = await subscribe(stripe, customer);
    const before = (await history(stripe)).length;
    const next = await stripe.invoices.createPreview({ customer, invoice_items: [{ amount: 300, currency: 'usd' }] });
    expect(next).toMatchObject({ total: 1_800, period_end: at(2027, 2), billing_reason: 'subscription_cycle' });
    const more = [{ price: items.data[0]!.price.id, quantity: 4 }];
    const first = await stripe.invoices.createPreview({ customer, subscription_details: { items: more } });
    expect(first).toMatchObject({ total: 6_000, billing_reason: 'subscription_create' });
    const last = stripe.invoices.createPreview({
      subscription: id,
      subscription_details: { cancel_at_period_end: true },
    });
    expect((await refusal(last)).code).toBe('invoice_upcoming_none');
    const now = await stripe.invoices.createPreview({ subscription: id, subscription_details: { cancel_now: true } });
    expect(now.total).toBe(-1_500);
    expect(await history(stripe)).toHaveLength(before);
    expect((await stripe.subscriptions.list({ customer })).data).toMatchObject([{ status: 'active' }]);
  });
});

it('a card given later pays a past due invoice at the next attempt', async () => {
  const stripe = stripeAt(sandbox.url);
  const { clock, customer } = await customerOnClock(stripe);
  const { id } = await subscribe(stripe, customer);
  await giveCard(stripe, customer, '4000000000000341');
  await advance(stripe, clock, at(2027, 2, 2));
  const [open] = (await stripe.invoices.list({ subscription: id })).data;
  await giveCard(stripe, customer);
  expect((await stripe.invoices.pay(open!.id)).status).toBe('paid');
  expect((await stripe.subscriptions.retrieve(id)).status).toBe('active');
});
